// The panel shows its marked sentence and takes the focus; closed, it gives the focus back.
const narrow = window.matchMedia("(max-width: 900px)");
let opener = null;

const cover = () => {
  const covered = Boolean(element.querySelector(".source")) && narrow.matches;
  // Over a small screen the panel covers all else, which then must not be reached by Tab.
  for (const part of document.querySelectorAll("#header, #chat, #evaluation")) part.inert = covered;
};

const reveal = () => {
  const panel = element.querySelector(".source");
  cover();
  if (!panel) return opener?.focus();
  panel.querySelector("h2").focus({ preventScroll: true });
  const [text, mark] = [panel.querySelector(".source-text"), panel.querySelector("mark")];
  if (!mark) return text.scrollTo(0, 0);
  // The sentence goes to the middle, or its beginning to the top where it is long.
  const [box, place] = [text.getBoundingClientRect(), mark.getBoundingClientRect()];
  const above = Math.max(16, (box.height - place.height) / 2);
  text.scrollBy(0, place.top - box.top - above);
};

const close = () => {
  props.value = "";
  queueMicrotask(reveal);
};

document.addEventListener("click", (event) => {
  const citing = event.target.closest("[data-turn][data-number]:is(button)");
  if (!citing) return;
  opener = citing;
  const shown = element.querySelector(".source")?.dataset;
  // The same source again changes nothing on the page: only its sentence may be out of sight.
  if (shown?.turn === citing.dataset.turn && shown?.number === citing.dataset.number) reveal();
});
element.addEventListener("click", (event) => {
  if (event.target.closest("[data-action=close]")) close();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && element.querySelector(".source")) close();
});
narrow.addEventListener("change", cover);
watch("value", reveal);
