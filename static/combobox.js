// Fields with a list of matches below (data-list): arrows, Enter, Escape, mouse. The server finds; this chooses.
// app.js loads this on screens that have such a field.
const on = (type, act) => document.addEventListener(type, act);

// 郵便番号, on the same screens: where it is begins the 住所, if nothing was typed there meanwhile.
on("htmx:after:swap", (event) => {
  const place = event.detail.ctx.sourceElement;
  const field = document.getElementById(place?.dataset?.fills);
  if (field && !field.value) field.value = place.querySelector("[data-start]")?.dataset.start ?? "";
});

const isField = (node) => node instanceof Element && node.matches("input[data-list]");
const listOf = (field) => document.getElementById(field.dataset.list);
const fieldOf = (list) => document.querySelector(`input[data-list="${list.id}"]`);
const mark = (field, option) => {
  for (const each of listOf(field).children) each.setAttribute("aria-selected", String(each === option));
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
};
const open = (field, yes) => {
  listOf(field).hidden = !yes;
  field.setAttribute("aria-expanded", String(yes));
  if (!yes) mark(field, null);
};
const say = (field, good) => field.dispatchEvent(new CustomEvent("badge", { bubbles: true, detail: good }));
const unsay = (field) => { // what was found in one bank may not be in another
  for (const each of document.querySelectorAll(`input[data-list][data-beside="${field.id}"]`)) say(each, false);
};
const choose = (field, option) => {
  field.value = field.dataset.chosen = option.textContent.trim();
  say(field, true);
  unsay(field);
  open(field, false);
  document.getElementById(`${field.id}-count`).textContent = `${field.value}を選びました`;
};
const prepare = (target) => {
  if (!isField(target) || target.role === "combobox") return;
  const list = target.dataset.list;
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list]]) {
    target.setAttribute(name, value);
  }
};
prepare(document.activeElement); // it may have the focus already
on("focusin", ({ target }) => prepare(target));
on("input", ({ target }) => {
  if (!isField(target)) return;
  say(target, false); // until the server has found it by what was typed
  unsay(target);
});
on("focusout", ({ target }) => {
  if (isField(target)) open(target, false);
});
on("mousedown", (event) => {
  if (event.target.closest?.("[role=option]")) event.preventDefault(); // the field keeps the focus
});
on("click", ({ target }) => {
  const option = target.closest?.("[role=option]");
  if (option) choose(fieldOf(option.parentElement), option);
});
// While an IME composes, its window lies where the list would: nothing is asked for, nothing opens.
let composing = false;
document.addEventListener("input", (event) => {
  if (isField(event.target) && event.isComposing) event.stopImmediatePropagation();
}, true);
on("compositionstart", ({ target }) => {
  composing = true;
  if (isField(target)) open(target, false);
});
on("compositionend", ({ target }) => {
  composing = false;
  if (isField(target)) target.dispatchEvent(new Event("input", { bubbles: true }));
});
on("htmx:after:swap", (event) => {
  const field = event.detail.ctx.sourceElement;
  if (!isField(field)) return;
  open(field, !composing && document.activeElement === field && field.value !== field.dataset.chosen && listOf(field).children.length > 0);
});
on("keydown", (event) => {
  const field = event.target;
  if (!isField(field) || event.isComposing || event.keyCode === 229) return; // keys of the IME are not ours
  const options = [...listOf(field).children];
  const shown = !listOf(field).hidden;
  const at = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && options.length) {
    open(field, true);
    mark(field, options.at(at < 0 && step < 0 ? -1 : (at + step) % options.length));
  } else if (event.key === "Escape" && shown) open(field, false);
  else if (event.key === "Enter" && shown && at >= 0) choose(field, options[at]);
  else return;
  event.preventDefault();
});
