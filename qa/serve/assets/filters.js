// The form's fields are the value; how many of them narrow the search stands beside its name.
const read = () => {
  const form = element.querySelector("form");
  if (!form) return;
  props.value = Object.fromEntries(new FormData(form));
  const set = Object.values(props.value).filter(Boolean).length;
  const count = form.querySelector("[data-count]");
  count.hidden = !set;
  count.textContent = set || "";
};

element.addEventListener("change", read);
element.addEventListener("reset", () => setTimeout(read));
element.addEventListener("submit", (event) => event.preventDefault());
watch("form", read);
