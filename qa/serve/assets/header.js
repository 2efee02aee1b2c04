// The bar's buttons become events; its language and direction become the page's.
const dress = () => {
  const bar = element.querySelector(".bar");
  if (!bar) return;
  document.documentElement.lang = bar.dataset.language;
  document.documentElement.dir = bar.dataset.direction;
  document.title = bar.querySelector("h1").textContent;
  const box = document.querySelector("#question textarea");
  // The question is read in its own direction, whatever the interface's is.
  box?.setAttribute("dir", "auto");
  // Gradio's label holds the button too, which would be part of the box's name.
  box?.setAttribute("aria-label", bar.dataset.question);
};

element.addEventListener("click", (event) => {
  const action = event.target.closest("[data-action]")?.dataset.action;
  if (action === "new_chat") trigger("new_chat");
  if (action === "switch_language") trigger("switch_language");
});

watch("value", dress);
dress();
