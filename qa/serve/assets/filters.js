// The forms' fields are the value; how many of them narrow the search stands beside their name.
const read = () => {
  const form = element.querySelector(".filters");
  if (!form) return;
  const modes = element.querySelector(".modes");
  const narrowing = Object.fromEntries(new FormData(form));
  props.value = { ...narrowing, ...(modes && Object.fromEntries(new FormData(modes))) };
  const set = Object.values(narrowing).filter(Boolean).length;
  const count = form.querySelector("[data-count]");
  count.hidden = !set;
  count.textContent = set || "";
};

element.addEventListener("change", read);
element.addEventListener("reset", () => setTimeout(read));
element.addEventListener("submit", (event) => event.preventDefault());
watch("form", read);
