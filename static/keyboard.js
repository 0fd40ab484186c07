// 画面キーボード: types into the password field that had the focus last, at first into the first one.
// What is typed is shown nowhere but in the field and announced nowhere. One Tab leads into the keys, arrows from
// key to key, the next Tab out of them. app.js loads this when the button is pressed for the first time.
const rows = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "-_@.,!?#$%&", "+*/=:;'\"()", "<>[]{}|\\^~`"];
const names = {
  "-": "ハイフン", _: "アンダーバー", "@": "アットマーク", ".": "ピリオド", ",": "コンマ", "!": "感嘆符", "?": "疑問符",
  "#": "シャープ", $: "ドル", "%": "パーセント", "&": "アンド", "+": "プラス", "*": "アスタリスク", "/": "スラッシュ",
  "=": "イコール", ":": "コロン", ";": "セミコロン", "'": "引用符", '"': "二重引用符", "(": "左丸かっこ",
  ")": "右丸かっこ", "<": "小なり", ">": "大なり", "[": "左角かっこ", "]": "右角かっこ", "{": "左波かっこ",
  "}": "右波かっこ", "|": "縦線", "\\": "逆スラッシュ", "^": "ハット", "~": "チルダ", "`": "バッククォート",
};
const box = () => document.getElementById("keyboard");
const opener = () => document.getElementById("keyboard-open");
let last, typed = false;

const field = () => (last?.isConnected ? last : document.querySelector("input[data-password]"));
const element = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text });
const key = (text, act) => {
  const button = Object.assign(element("button", "key", text), { type: "button", tabIndex: -1 });
  if (names[text]) button.setAttribute("aria-label", `${text} ${names[text]}`);
  button.addEventListener("click", () => act(button));
  return button;
};
const row = (keys, className = "keys") => {
  const line = element("div", className, "");
  line.append(...keys);
  return line;
};

const write = (text, from, to) => {
  field().setRangeText(text, from, to, "end");
  field().dispatchEvent(new Event("input", { bubbles: true }));
  typed = true;
};
const type = (text) => write(text, field().selectionStart, field().selectionEnd);
const deleteOne = () => {
  const { value, selectionStart: from, selectionEnd: to } = field();
  write("", from === to ? from - ([...value.slice(0, from)].at(-1)?.length ?? 0) : from, to);
};
const shift = (button) => {
  const upper = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(upper));
  for (const { firstChild } of box().querySelectorAll(".letter")) firstChild.data = firstChild.data[upper ? "toUpperCase" : "toLowerCase"]();
};
const done = () => { // the change event that a real keyboard leaves behind
  if (typed) field()?.dispatchEvent(new Event("change", { bubbles: true }));
  typed = false;
};
const show = (open) => {
  box().hidden = !open;
  opener().setAttribute("aria-expanded", String(open));
  if (open) sayWhere();
  else done();
};
const close = () => {
  show(false);
  opener().focus();
};
const sayWhere = () => {
  box().firstChild.textContent = `入力先：${field().labels[0].textContent}。矢印キーで選び、Enterで入力、Escで閉じます。`;
};

const build = () => {
  const letters = (line) => [...line].map((text) => {
    const button = key(text, (self) => type(self.textContent));
    button.classList.toggle("letter", /[a-z]/.test(text));
    return button;
  });
  const upper = key("大文字", shift);
  upper.setAttribute("aria-pressed", "false");
  const acts = [upper, key("空白", () => type(" ")), key("1文字消す", deleteOne),
    key("すべて消す", () => write("", 0, field().value.length)), key("閉じる", close)];
  const where = Object.assign(element("p", "hint", ""), { id: "keyboard-where" });
  box().append(where, ...rows.map((line) => row(letters(line))), row(acts, "keys acts"));
  box().setAttribute("aria-describedby", where.id);
  all()[0].tabIndex = 0;
};

const all = () => [...box().querySelectorAll(".key")];
const beyond = (key, direction) => { // the key that is seen next to it, in this width of the window
  const from = key.getBoundingClientRect();
  let nearest, least = Infinity;
  for (const other of all()) {
    const { x, y } = other.getBoundingClientRect();
    const far = (y - from.y) * direction * 1000 + Math.abs(x - from.x);
    if ((y - from.y) * direction > 1 && far < least) [nearest, least] = [other, far];
  }
  return nearest;
};
const go = (from, pressed) => {
  const keys = all(), at = keys.indexOf(from);
  if (pressed === "ArrowLeft") return keys.at(Math.max(at, 0) - 1);
  if (pressed === "ArrowRight") return keys[(at + 1) % keys.length];
  if (pressed === "Home") return keys[0];
  if (pressed === "End") return keys.at(-1);
  if (at < 0) return pressed === "ArrowDown" ? keys[0] : undefined;
  return beyond(from, pressed === "ArrowDown" ? 1 : -1);
};

document.addEventListener("focusin", ({ target }) => {
  if (box()?.contains(target)) for (const key of all()) key.tabIndex = key === target ? 0 : -1;
  if (!target.matches("input[data-password]")) return;
  last = target;
  if (box()?.firstChild) sayWhere();
});
document.addEventListener("focusout", ({ target, relatedTarget }) => {
  if (box()?.contains(target) && !box().contains(relatedTarget)) done();
});
document.addEventListener("keydown", (event) => {
  if (!box() || box().hidden || !(box().contains(event.target) || event.target === opener())) return;
  const moves = /^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(event.key);
  if (event.key === "Escape") close();
  else if (moves) go(event.target, event.key)?.focus();
  else return;
  event.preventDefault();
});

let style;
const styled = () => new Promise((go) => {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: box().dataset.stylesheet });
  link.onload = link.onerror = go; // without it the keys type all the same
  document.head.append(link);
});

export const press = async (field) => { // the button; `field` had the focus last
  last = field;
  await (style ??= styled());
  if (!box().firstChild) build();
  show(box().hidden);
};
