// The dialog two minutes before a log-in ends. It is made here, not on the page: where no script runs and no style
// hides it, it would be untrue. idle.js loads this when it is time.
const element = (tag, attributes, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};

export const build = (place, stay) => {
  const go = element("button", { class: "button", type: "button" }, "続ける");
  go.addEventListener("click", stay);
  const leave = document.querySelector(".header form[action$=leave]").cloneNode(true);
  const dialog = element("dialog", { role: "alertdialog", "aria-labelledby": "idle-title", "aria-describedby": "idle-text" },
    element("h2", { id: "idle-title" }, "まもなく自動的にログアウトします"),
    element("p", { id: "idle-text" }, "操作がないため、あと", element("span", { id: "idle-left" }),
      "でログアウトします。続けるときは「続ける」を押してください。入力した内容はそのまま残ります。"),
    element("div", { class: "buttons" }, go, leave));
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault(); // Escape means: I am here
    stay();
  });
  place.append(dialog);
  return dialog;
};
