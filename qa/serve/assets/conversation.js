// Citations and examples become events, answers can be copied, and screen readers hear each
// answer once, when it is complete.
const announcer = document.createElement("div");
announcer.className = "hidden";
announcer.setAttribute("aria-live", "polite");
document.body.append(announcer);

const copy = async (text) => {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Plain http from another host has no clipboard interface; a selection still copies there.
  const area = Object.assign(document.createElement("textarea"), { value: text });
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  if (!copied) throw new Error("the browser refused to copy");
};

const showCopied = async (button) => {
  // Kept with the button: a second click comes while it still says what became of the first.
  const label = (button.dataset.label ??= button.textContent);
  try {
    await copy(button.dataset.copy);
    button.textContent = button.dataset.done;
  } catch {
    button.textContent = button.dataset.failed;
  }
  announcer.textContent = button.textContent;
  clearTimeout(button.shown);
  button.shown = setTimeout(() => (button.textContent = label), 2000);
};

// The button that asked goes away with what it stood in; on a touch screen the box would bring up
// the keyboard, which only who pressed a key can want.
const keepFocus = (click) => {
  if (click.detail && !matchMedia("(pointer: fine)").matches) return;
  document.querySelector("#question textarea").focus({ preventScroll: true });
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { turn, number, question, again } = button.dataset;
  if (number) trigger("cite", { turn, number });
  if (question) trigger("example", { question });
  if (question || again) keepFocus(event);
  // One answer at a time.
  if (again && !element.querySelector("[aria-busy=true]")) trigger("again", { turn: again });
  if ("copy" in button.dataset) showCopied(button);
});

let turns = 0;
let spoken = "";
watch("value", () => {
  const shown = element.querySelectorAll(".turn");
  const last = shown[shown.length - 1];
  // A new question goes to the top, so that its answer is read from its beginning.
  if (shown.length > turns) last.parentElement.scrollTo(0, last.offsetTop);
  turns = shown.length;
  const reply = last?.querySelector(".reply");
  const news = reply && !["answering", ""].includes(last.dataset.phase) ? reply.innerText : "";
  if (news !== spoken) announcer.textContent = spoken = news;
});
