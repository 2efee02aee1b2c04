// Buttons, choices and files of the Evaluation tab become events; the focus follows what comes of
// them.
const tab = () => document.querySelector("#evaluation");
const chosen = (name) => tab().querySelector(`select[name=${name}]`)?.value ?? "";

const actions = ["run_set", "stop_run", "resume_run", "open_run", "compare_runs"];

element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-action]");
  if (!button) return;
  const { action, run, part } = button.dataset;
  if (!actions.includes(action)) return;
  // Whatever comes of it takes the focus.
  tab().dataset.acted = "true";
  trigger(action, { set: chosen("set"), run: run ?? chosen("against"), part: Boolean(part) });
});

const read = async (file, limit) => {
  if (file.size > limit) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    return null;
  }
};

element.addEventListener("change", async ({ target }) => {
  if (target.name === "set") trigger("choose_set", { set: target.value });
  if (target.type !== "file" || !target.files.length) return;
  const [file] = target.files;
  const text = await read(file, Number(target.dataset.limit));
  // The same file can be chosen again once it was mended.
  target.value = "";
  trigger("upload_set", { name: file.name, text });
});

watch("value", () => {
  // What is shown keeps its elements, and with them what was chosen before.
  for (const option of element.querySelectorAll("option[selected]")) option.selected = true;
  const places = element.querySelectorAll("[data-focus]");
  if (!tab()?.dataset.acted || !places.length) return;
  delete tab().dataset.acted;
  // A reader who went on to write in the chat is left there.
  const focused = document.activeElement;
  if (focused === document.body || tab().contains(focused)) places[places.length - 1].focus();
});
