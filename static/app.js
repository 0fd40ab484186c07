// What attributes cannot say. Everything listens on the document, so that swapped-in content works too.
{
  const on = (type, act, early) => document.addEventListener(type, act, early);
  const root = document.documentElement;

  // No answer, or none of ours: say so, and leave the form as it stands. What is asked beside the typing (a live check, a
  // list, the town of a 郵便番号) fails in silence, as the form asks the same again.
  const isBeside = (node) => node instanceof Element && node.matches("[hx-post]:not(form)");
  const noAnswer = () => {
    const region = document.getElementById("page-error");
    const [words, strong] = [document.createElement("p"), document.createElement("strong")];
    strong.textContent = "通信できませんでした。";
    words.append(strong, "入力した内容はこの画面に残っています。通信の状態をご確認のうえ、もう一度ボタンを押してください。");
    region.replaceChildren(words);
    region.scrollIntoView();
  };
  on("htmx:error", (event) => {
    if (!isBeside(event.target)) noAnswer();
  });
  on("htmx:before:swap", (event) => {
    const { ctx, tasks } = event.detail;
    if (isBeside(ctx.sourceElement) || ctx.swap === "none") return;
    if (tasks.find((task) => task.type === "main")?.fragment.querySelector(ctx.select ?? "#step")) return;
    event.preventDefault();
    noAnswer();
  });

  // Once only: a form whose answer leads to another page stays busy until that page is there.
  on("htmx:config:request", (event) => {
    if (event.target.closest?.("form.htmx-request, form.leaving")) event.preventDefault();
  });
  const sayBusy = (form, words) => { // app.css shows it after a moment
    const place = form.querySelector?.(".busy span");
    if (place) place.textContent = words;
  };
  const stay = (form) => {
    form.classList.remove("leaving");
    sayBusy(form, "");
  };
  on("htmx:before:request", ({ target }) => sayBusy(target, "送信しています…"));
  on("htmx:finally:request", ({ target, detail: { ctx } }) => {
    if (!ctx.keepIndicators) return sayBusy(target, ""); // set by htmx on HX-Redirect
    ctx.keepIndicators = false;
    target.classList.add("leaving");
    setTimeout(stay, 10_000, target);
  });

  // Live checks: a submit ends them, aria-invalid follows the words.
  const fieldOf = (region) => document.getElementById(region.dataset.field ?? [...(region.htmlFor ?? [])].at(-1));
  const ask = (field) => field?.dispatchEvent(new Event("password" in field.dataset ? "input" : "change"));
  on("submit", (event) => {
    for (const output of event.target.querySelectorAll("output")) output.dispatchEvent(new Event("htmx:abort"));
  });
  on("htmx:after:swap", (event) => {
    const check = event.detail.ctx.sourceElement;
    if (check?.htmlFor) fieldOf(check).setAttribute("aria-invalid", String(Boolean(check.querySelector(".error"))));
  });

  // Nothing moves under a press, which would be let go over something else and lost: the answer is asked for again.
  const pressed = () => document.querySelector("html:active");
  const askWhenReleased = (region) => {
    if (pressed()) requestAnimationFrame(() => askWhenReleased(region));
    else ask(fieldOf(region));
  };
  on("htmx:before:swap", (event) => {
    const region = event.detail.ctx.sourceElement;
    if (!isBeside(region) || !pressed()) return;
    event.preventDefault();
    askWhenReleased(region);
  });

  // What was typed before this script came is judged as well; a field that is still typed in, when it is left.
  on("htmx:after:init", ({ target }) => {
    const field = isBeside(target) ? fieldOf(target) : null;
    if (field !== document.activeElement && field?.defaultValue !== field?.value) ask(field);
  });

  // Badges that follow what is typed or chosen.
  const touched = ({ target }) => target.closest?.(".field") && import(document.body.dataset.badges);
  on("focusin", touched);
  on("pointerdown", touched);

  addEventListener("pageshow", () => document.querySelectorAll("form.leaving").forEach(stay));

  // What only a script makes work is on the page as the text of an attribute, put in its place when its script is there. What
  // only some screens need is loaded there: lists below fields, passkeys, passwords.
  const put = (place) => {
    place.outerHTML = place.dataset.scripted;
    loadParts(); // more may be inside
  };
  const loadParts = () => {
    for (const part of document.querySelectorAll("input[data-list], [data-passkey]")) import(part.dataset.script);
    for (const place of document.querySelectorAll("[data-scripted]")) {
      const { script } = place.dataset;
      if (script) import(script).then(() => put(place), () => {});
      else put(place);
    }
  };
  loadParts();
  on("htmx:after:swap", loadParts);

  // 文字サイズ: :has() has done the work; this remembers it, and does it in browsers without :has().
  on("change", ({ target }) => {
    if (target.name !== "text_size") return;
    root.dataset.textSize = target.value;
    const [prefix, secure] = location.protocol === "https:" ? ["__Host-", "; secure"] : ["", ""];
    document.cookie = `${prefix}text_size=${target.value}; path=/; max-age=31536000; samesite=lax${secure}`;
  });

  // 印刷 on the page of a 届出書, which the browser's own menu does as well.
  on("click", ({ target }) => {
    if (target.id === "print") print();
  });

  // Links of the error summary and 本文へ移動: straight to the place, without an entry in the history.
  on("click", (event) => {
    const link = event.target.closest?.(".error-summary a, .skip");
    const place = link && document.getElementById(link.hash.slice(1));
    if (!place || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    (place.closest(".field") ?? place).scrollIntoView();
    (place.id.endsWith("-place") ? place.firstElementChild : place).focus({ preventScroll: true });
  });
}
