"use strict";

// The failure browser. Without this script it is a list of details that open one by one.
(() => {
  const cases = [...document.querySelectorAll("details.case")];
  const form = document.getElementById("filters");

  // Accents and Arabic vowel signs do not matter when one searches.
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}|\u0640/gu, "").toLowerCase();
  const texts = new Map();
  const textOf = (item) => {
    if (!texts.has(item)) texts.set(item, folded(item.textContent));
    return texts.get(item);
  };

  const matches = (item, wanted) =>
    ["failure", "lang", "kind"].every((name) => !wanted[name] || item.dataset[name] === wanted[name]) &&
    folded(wanted.text).split(/\s+/).every((word) => textOf(item).includes(word));

  const filter = () => {
    const wanted = Object.fromEntries(new FormData(form));
    let count = 0;
    for (const item of cases) {
      item.hidden = !matches(item, wanted);
      count += item.hidden ? 0 : 1;
    }
    for (const part of document.querySelectorAll("section.failure")) {
      part.hidden = !part.querySelector("details.case:not([hidden])");
    }
    document.getElementById("shown").textContent = `${count} of ${cases.length} shown`;
    document.getElementById("nothing").hidden = count > 0;
  };

  // A link to what a filter hides takes the filter away.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (form && target.closest("[hidden]")) {
      form.reset();
      filter();
    }
    if (target.matches("details")) target.open = true;
    target.scrollIntoView();
  };

  if (form) {
    const button = document.getElementById("open-all");
    form.hidden = false;
    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(filter));
    button.addEventListener("click", () => {
      const open = button.textContent === "Open all";
      for (const item of cases) item.open = open;
      button.textContent = open ? "Close all" : "Open all";
    });
    filter();
  }

  addEventListener("hashchange", reveal);
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    // A second click on the same link changes no hash.
    if (link && link.getAttribute("href") === location.hash) reveal();
  });
  reveal();

  // On paper everything is open.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = cases.filter((item) => !item.open);
    for (const item of closed) item.open = true;
  });
  addEventListener("afterprint", () => {
    for (const item of closed) item.open = false;
  });
})();
