// The bar's buttons become events, its tabs choose what is seen; its language and direction become
// the page's.
const tabs = () => [...element.querySelectorAll("[role=tab]")];
const panel = (tab) => document.getElementById(tab.getAttribute("aria-controls"));
// The address keeps the choice, for a page that is loaded again; the chat is what comes first.
const named = (tab) => location.hash === `#${tab.getAttribute("aria-controls")}`;

const show = (chosen) => {
  for (const tab of tabs()) {
    tab.setAttribute("aria-selected", tab === chosen);
    tab.tabIndex = tab === chosen ? 0 : -1;
    panel(tab).setAttribute("role", "tabpanel");
    panel(tab).setAttribute("aria-labelledby", tab.id);
    panel(tab).hidden = tab !== chosen;
  }
};

const choose = (tab) => {
  const address = tab === tabs()[0] ? location.pathname + location.search : `#${panel(tab).id}`;
  history.replaceState(null, "", address);
  show(tab);
};

const steps = () => {
  const forward = document.documentElement.dir === "rtl" ? -1 : 1;
  return { ArrowRight: forward, ArrowLeft: -forward };
};

element.addEventListener("keydown", (event) => {
  const [all, at] = [tabs(), tabs().indexOf(event.target)];
  const places = { Home: 0, End: all.length - 1 };
  const step = steps()[event.key];
  const next = step ? (at + step + all.length) % all.length : places[event.key];
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  choose(all[next]);
  all[next].focus();
});

const dress = () => {
  const bar = element.querySelector(".bar");
  if (!bar) return;
  document.documentElement.lang = bar.dataset.language;
  document.documentElement.dir = bar.dataset.direction;
  show(tabs().find(named) ?? tabs()[0]);
  document.title = bar.querySelector("h1").textContent;
  const box = document.querySelector("#question textarea");
  // The question is read in its own direction, whatever the interface's is.
  box?.setAttribute("dir", "auto");
  // Gradio's label holds the button too, which would be part of the box's name.
  box?.setAttribute("aria-label", bar.dataset.question);
};

element.addEventListener("click", (event) => {
  const tab = event.target.closest("[role=tab]");
  if (tab) choose(tab);
  const action = event.target.closest("[data-action]")?.dataset.action;
  if (action === "new_chat") trigger("new_chat");
  if (action === "switch_language") trigger("switch_language");
});

watch("value", dress);
dress();
