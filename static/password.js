// パスワード表示 and the way to 画面キーボード. app.js loads this on screens that have them, and shows them then.
const on = (type, act, early) => document.addEventListener(type, act, early);

// One tick for every password of the screen, taken back before anything is sent or left.
const show = (shown) => {
  for (const field of document.querySelectorAll("input[data-password]")) field.type = shown ? "text" : "password";
  const tick = document.getElementById("show-password");
  if (tick) tick.checked = shown;
};
on("change", ({ target }) => {
  if (target.id !== "show-password") return;
  show(target.checked);
  const words = target.checked ? "パスワードを表示しています" : "パスワードを隠しました";
  document.getElementById("show-password-status").textContent = words;
});
on("submit", () => show(false), true);
addEventListener("pageshow", () => show(false));

let password; // that had the focus last
on("focusin", ({ target }) => {
  if (target.matches("input[data-password]")) password = target;
});
on("click", async ({ target }) => {
  if (target.id !== "keyboard-open") return;
  try {
    await (await import(target.dataset.script)).press(password);
  } catch {
    document.dispatchEvent(new Event("htmx:error")); // no answer: app.js says so
  }
});
