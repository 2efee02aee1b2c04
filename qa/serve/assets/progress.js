// While a run is under way its progress is followed, in the language that the page has.
let followed = "";

const follow = () => {
  const language = element.querySelector(".run-progress")?.dataset.language ?? "";
  if (language && language !== followed) trigger("follow_run");
  followed = language;
};

watch("value", follow);
