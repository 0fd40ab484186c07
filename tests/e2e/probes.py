"""Questions to a page that axe has no rule for; each answers with a list of what is wrong."""

TELL = """
const tell = (node) => `${node.localName}${node.id ? "#" + node.id : ""}` +
  ` ${(node.getAttribute("aria-label") ?? node.textContent).trim().replace(/\\s+/g, " ").slice(0, 40)}`;
const unseen = (node) => node && (getComputedStyle(node).clipPath === "inset(50%)" || unseen(node.parentElement));
const visible = (node) => node.checkVisibility({visibilityProperty: true}) && !unseen(node);
"""

FOCUS = """() => {
  const at = document.activeElement;
  if (at === document.body || at === null) return "page";
  if (at.id === "error-summary") return "summary";
  if (at.localName === "h1") return "h1";
  return at.isConnected ? at.localName : "lost";
}"""

# One question for all that is compared: each takes as long as the look itself.
TITLE = """() => {
  const [heading, ...others] = document.querySelectorAll("h1");
  if (others.length) return ["several headings", false, ""];
  return [heading.innerText, document.getElementById("error-summary") !== null, document.title];
}"""

LINKS = """() => {
  const words = (where) => [...document.querySelectorAll(where)].map((link) => link.textContent.trim());
  return [words(".office-links a"), words(".header-links a"), words(".footer nav a"),
    document.querySelector("[role=search]") !== null];
}"""

# The summary names every field that is wrong, in the words that stand at the field.
ERRORS = (
    "() => {"
    + TELL
    + """
  const faults = [], linked = new Set(), summary = document.getElementById("error-summary");
  for (const link of summary?.querySelectorAll("a") ?? []) {
    const place = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    const field = place?.id.endsWith("-place") ? place.firstElementChild : place;
    if (!field) { faults.push(`leads nowhere: ${link.textContent}`); continue; }
    linked.add(field.name);
    const owner = field.type === "radio" ? field.closest("[role=group]") : field;
    const words = (owner.getAttribute("aria-describedby") ?? "").split(" ")
      .map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
    if (!words.includes(link.textContent.trim())) faults.push(`not described: ${link.textContent} | ${words}`);
    if (!words.includes("エラー：")) faults.push(`not called an error: ${link.textContent}`);
    const button = field.localName === "button"; // ARIA has no invalid ones
    if (owner === field && !button && field.getAttribute("aria-invalid") !== "true") faults.push(`not invalid: ${field.id}`);
  }
  for (const field of document.querySelectorAll("[aria-invalid=true]")) {
    const ids = (field.getAttribute("aria-describedby") ?? "").split(" ");
    const words = ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
    if (!words.includes("エラー：")) faults.push(`no words: ${tell(field)}`);
    if (summary && !linked.has(field.name)) faults.push(`not in the summary: ${tell(field)}`);
  }
  return faults;
}"""
)

IDS = (
    "() => {"
    + TELL
    + """
  const faults = [], ids = new Set();
  for (const {id} of document.querySelectorAll("[id]")) { if (ids.has(id)) faults.push(`twice: ${id}`); ids.add(id); }
  for (const name of ["aria-describedby", "aria-labelledby", "aria-controls", "for"])
    for (const node of document.querySelectorAll(`[${name}]`))
      for (const id of node.getAttribute(name).split(" ")) if (!ids.has(id)) faults.push(`${name}=${id}: ${tell(node)}`);
  for (const link of document.querySelectorAll("a[href^='#']"))
    if (!ids.has(decodeURIComponent(link.hash.slice(1)))) faults.push(`leads nowhere: ${tell(link)}`);
  return faults;
}"""
)

FORBIDDEN = (
    "() => {"
    + TELL
    + """
  return [...document.querySelectorAll("[placeholder], [disabled], [maxlength], [accesskey], [title], [tabindex]")]
    .filter((node) => !node.hasAttribute("tabindex") || node.tabIndex > 0)
    .map(tell);
}"""
)

TWICE = (
    "(names) => {"
    + TELL
    + """
  return names.filter((name) => [...document.querySelectorAll("main button, main a, dialog button")]
    .filter((node) => visible(node) && node.textContent.trim() === name && !location.pathname.startsWith("/demo"))
    .length > 1);
}"""
)

SIDEWAYS = (
    "() => {"
    + TELL
    + """
  const width = document.documentElement.clientWidth;
  const faults = document.documentElement.scrollWidth > width ? [`page ${document.documentElement.scrollWidth}`] : [];
  for (const node of document.body.querySelectorAll("*")) {
    const box = node.getBoundingClientRect();
    if (visible(node) && (box.right > width + 1 || box.left < -1) && box.height && !node.closest(".skip"))
      faults.push(`${tell(node)} ${Math.round(box.left)}–${Math.round(box.right)}`);
  }
  return faults;
}"""
)

# Messages of a summary take whole lines, one or three: the gap between them is the same. A pixel and a half is rounding.
UNEVEN_GAPS = """() => {
  const gaps = [...document.querySelectorAll(".error-summary li")].map((each) => {
    const { top, bottom } = each.getBoundingClientRect();
    return (bottom - top) % parseFloat(getComputedStyle(each).lineHeight);
  });
  return gaps.length && Math.max(...gaps) - Math.min(...gaps) > 1.5 ? [`gaps of ${gaps}`] : [];
}"""

SPACE_TEXT = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
    p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
UNSPACE_TEXT = "() => { document.adoptedStyleSheets = []; }"

CLIPPED = (
    "() => {"
    + TELL
    + """
  return [...document.body.querySelectorAll("*")].filter((node) => {
    if (!visible(node) || !node.textContent.trim() || node.localName === "input") return false;
    const {overflowX, overflowY} = getComputedStyle(node);
    return (overflowX !== "visible" && node.scrollWidth > node.clientWidth + 1)
      || (overflowY !== "visible" && overflowY !== "auto" && node.scrollHeight > node.clientHeight + 1);
  }).map(tell);
}"""
)

# No line begins with 。 or the like, and no ID goes on in the next line.
BREAKS = (
    "() => {"
    + TELL
    + """
  const faults = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const block = (node) => node.parentElement.closest("p, li, dt, dd, th, td, h1, h2, h3, label, legend, button, figcaption");
  let before = null;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.data.trim() || !visible(node.parentElement)) continue;
    const place = document.createRange(), whole = [...node.data.matchAll(/\\b[A-Z]{4}\\d+\\b/g)];
    for (let at = 0; at < node.data.length; at++) {
      place.setStart(node, at);
      place.setEnd(node, at + 1);
      const box = place.getClientRects()[0];
      if (!box?.width) continue;
      const begins = before && before.block === block(node) && box.top > before.top + box.height / 2;
      const inside = whole.some((each) => at > each.index && at < each.index + each[0].length);
      if (begins && ("。、，．」』）】・ー々？！".includes(node.data[at]) || inside))
        faults.push(`a line begins with “${node.data.slice(at, at + 6)}”: ${tell(node.parentElement)}`);
      before = { top: box.top, block: block(node) };
    }
  }
  return faults;
}"""
)

# Links in the run of a sentence are exempt (WCAG 2.5.8); a tick and its label are one target.
SMALL_TARGETS = (
    "() => {"
    + TELL
    + """
  const inSentence = (node) => node.localName === "a" && getComputedStyle(node).display === "inline"
    && node.parentElement.textContent.trim() !== node.textContent.trim();
  const faults = [];
  for (const node of document.querySelectorAll("a, button, summary, input:not([type=hidden])")) {
    if (!visible(node) || inSentence(node) || node.tabIndex < 0 && !node.matches(".key") || node.closest(".skip")) continue;
    const boxes = [node, ...(/radio|checkbox/.test(node.type) ? node.labels : [])].map((each) => each.getBoundingClientRect());
    const height = Math.max(...boxes.map((box) => box.height));
    const width = Math.max(...boxes.map((box) => box.right)) - Math.min(...boxes.map((box) => box.left));
    if (height < 43.5 || width < (node.localName === "a" ? 24 : 43.5)) faults.push(`${tell(node)} ${width}×${height}`);
  }
  return faults;
}"""
)

# Where the focus is: seen by an outline, inside the window, covered by nothing.
_STOP = (
    "(first) => {"
    + TELL
    + """
  const at = document.activeElement;
  if (first) window.firstStop = at;
  else if (at === window.firstStop) return "round";
  if (at === document.body || at === document.documentElement) return first ? "nothing takes the focus" : "round";
  const drawn = at.matches("[type=radio][name=text_size]") ? at.labels[0] : at;
  const {outlineStyle, outlineWidth} = getComputedStyle(drawn);
  if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) return `no outline: ${tell(at)}`;
  const box = drawn.getClientRects()[0];
  if (box.bottom < 0 || box.top > innerHeight) return `out of sight: ${tell(at)}`;
  const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 20), 0), innerWidth - 1);
  const y = Math.min(Math.max((Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2, 0), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  return drawn.contains(top) || top?.contains(drawn) && top.localName === "label" ? "" : `covered by ${top && tell(top)}: ${tell(at)}`;
}"""
)

# Goes to the top, and from there asks at each Tab: two questions from outside for each stop took four times as long.
FROM_THE_TOP = (
    "() => { const stop = "
    + _STOP
    + """;
  window.stops = [];
  addEventListener("keyup", () => stops.push(stop(!stops.length)), true);
  scrollTo(0, 0);
  document.body.setAttribute("tabindex", "-1");
  document.body.focus();
  document.body.removeAttribute("tabindex");
}"""
)

BORDERS = (
    "() => {"
    + TELL
    + """
  return [...document.querySelectorAll(".button, .key, .input, .badge, .banner, .panel, .error-summary, .text-size label")]
    .filter((node) => visible(node) && parseFloat(getComputedStyle(node).borderTopWidth) < 1)
    .map(tell);
}"""
)

# Edges of controls against what lies behind them (WCAG 1.4.11: 3:1), which axe does not measure.
FAINT_EDGES = (
    "() => {"
    + TELL
    + """
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => {
      const c = part / (colour.startsWith("color(") ? 1 : 255);
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const clear = (colour) => colour === "transparent" || /, 0\\)$/.test(colour);
  const behind = (node) => {
    const colour = getComputedStyle(node).backgroundColor;
    return clear(colour) ? (node.parentElement ? behind(node.parentElement) : "rgb(255, 255, 255)") : colour;
  };
  const faults = [];
  const compare = (node, edge, ground) => {
    const [high, low] = [light(edge), light(ground)].sort((one, other) => other - one);
    if ((high + 0.05) / (low + 0.05) < 3) faults.push(`${tell(node)}: ${edge} on ${ground}`);
  };
  for (const node of document.querySelectorAll(".input, .button, .key, .text-size label, .help summary span:first-child"))
    if (visible(node)) compare(node, getComputedStyle(node).borderTopColor, behind(node.parentElement));
  for (const node of document.querySelectorAll(".steps li"))
    compare(node, getComputedStyle(node, "::before").borderTopColor, behind(node));
  return faults;
}"""
)
