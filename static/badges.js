// app.js loads this when a field is first touched.
const on = (type, act) => document.addEventListener(type, act);

// Badges of what the server judges only with the whole form: filled, 確認用 the same again, a choice made. Of a password
// they say that it is there, never that it is right.
const badge = (name, good) => {
  const span = document.getElementById(`${name}-badge`)?.firstElementChild;
  if (!span) return;
  span.className = good ? "badge badge-ok" : "badge badge-required";
  span.textContent = good ? "OK" : "必須";
};
const follow = (field) => {
  const first = document.getElementById(field.dataset.again);
  const refused = field.getAttribute("aria-invalid") === "true";
  badge(field.id, Boolean(field.value) && !refused && (!first || first.value === field.value));
};
const followAll = () => document.querySelectorAll("[data-filled]").forEach(follow);
on("input", ({ target }) => {
  if (target.matches("[data-filled], [data-password]")) followAll();
});
on("htmx:after:swap", followAll);
// What a refusal said goes with the answer that it was said of. Its room stays: no button moves away under a pointer.
const settle = (changed) => {
  for (const field of document.querySelectorAll("[data-filled][aria-invalid=true]")) {
    if (!changed(field) && !changed(document.getElementById(field.dataset.again))) continue;
    field.setAttribute("aria-invalid", "false");
    document.getElementById(`${field.id}-error`)?.classList.add("settled");
  }
  followAll();
};
on("change", ({ target }) => settle((field) => field === target));
// What was corrected while this was loaded; in the field with the focus, once it is left. What a browser fills in corrects nothing.
const { activeElement } = document;
const corrected = (field) => field && field.value !== field.defaultValue && !field.matches(":-webkit-autofill");
settle((field) => field !== activeElement && corrected(field));
activeElement.addEventListener("blur", () => settle((field) => field === activeElement && corrected(field)), { once: true });
on("badge", ({ target, detail }) => badge(target.id, detail));
const chosen = (target) => {
  for (const { classList, dataset } of document.querySelectorAll(`.group[data-of="${target.name}"]`)) classList.toggle("unused", dataset.is !== target.value);
  badge(target.name, true);
  document.getElementById(`${target.name}-error`)?.remove();
  // the errors of the group that is not asked for any more go; they come back with it
  const lines = [...document.querySelectorAll(".error-summary li")];
  for (const line of lines) {
    const place = document.getElementById(line.querySelector("a").hash.slice(1));
    const answered = place?.type === "radio" && document.querySelector(`[name="${place.name}"]:checked`);
    line.hidden = Boolean(answered) || !place?.getClientRects().length;
  }
  const summary = document.getElementById("error-summary");
  if (summary) summary.hidden = lines.every((line) => line.hidden);
};
on("change", ({ target }) => {
  if (target.matches(".field [type=radio]")) chosen(target);
});
document.querySelectorAll(".field [type=radio]:checked").forEach(chosen); // while this was loaded
