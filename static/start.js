// Loads the script once the page is there, if the browser can run all of it. Otherwise every page stays as it is
// without script, which is whole. What is asked here is what htmx and ours need beyond their syntax, and at() is
// younger than all of that syntax: docs/browsers.md. This file is read by any browser, so its own syntax is old.
(function () {
  var here = document.currentScript;
  function able() {
    document.querySelector("title:not(svg title)"); // throws where :not() takes no more than one word
    return [].at && here.replaceChildren && window.HTMLDialogElement
      && window.SubmitEvent && "submitter" in SubmitEvent.prototype
      && (!window.navigation || "canIntercept" in NavigateEvent.prototype); // else Back moves the address alone
  }
  try {
    if (!able()) return;
  } catch (unable) {
    return;
  }
  var root = document.documentElement.classList;
  var script = document.createElement("script");
  script.src = here.getAttribute("data-script");
  script.onerror = function () {
    root.remove("has-script");
  };
  root.add("has-script");
  document.head.appendChild(script);
})();
