"""How a form is laid out, asked of a page in any engine; answers with a list of what is wrong."""

# Every answer has room, no choice breaks inside its words, no text lies on another.
LAYOUT = """() => {
  const faults = [], seen = (node) => node.checkVisibility() && node.getClientRects().length && getComputedStyle(node).visibility === "visible";
  const unseen = (node) => node && (getComputedStyle(node).clipPath === "inset(50%)" || unseen(node.parentElement));
  const tell = (node) => node.textContent.trim().replace(/\\s+/g, " ").slice(0, 20);
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const least = Math.min(20 * rem, document.documentElement.clientWidth - 2 * 16) - 1;
  for (const answer of document.querySelectorAll(".field-answer")) {
    const { width } = answer.getBoundingClientRect();
    if (seen(answer) && width < least) faults.push(`${tell(answer.closest(".field"))}: ${Math.round(width)} px for the answer`);
  }
  const lines = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].filter((box) => box.width && box.height);
  };
  for (const label of document.querySelectorAll("input[type=radio] + label"))
    if (seen(label) && new Set(lines(label).map((box) => Math.round(box.top))).size > 1) faults.push(`broken: ${tell(label)}`);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = [];
  while (walker.nextNode()) {
    const node = walker.currentNode, owner = node.parentElement;
    if (node.data.trim() && seen(owner) && !unseen(owner) && !owner.closest(".skip, option"))
      for (const box of lines(node)) texts.push([node, box]);
  }
  for (const field of document.querySelectorAll("input, select, textarea, legend, .badge"))
    if (seen(field) && !unseen(field) && getComputedStyle(field).opacity !== "0") texts.push([field, field.getBoundingClientRect()]);
  for (const [at, [one, a]] of texts.entries())
    for (const [other, b] of texts.slice(at + 1)) {
      if (one === other || one.contains(other) || other.contains(one)) continue;
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 2 && down > 0.3 * Math.min(a.height, b.height)) faults.push(`overlap: ${tell(one) || one.id} and ${tell(other) || other.id}`);
    }
  return faults;
}"""

# No line begins inside a word that has room: of labels no phrase is broken, of anything else no ID, number or address. A phrase ends
# at punctuation, at <wbr>, and where kana go over into something else; kana after kana may be either.
WORDS = """() => {
  const LABELS = "h1, h2, h3, legend, label, button, th, dt, a, code, bdi, .button, .field-name, .steps, .badge, .signed-in, .noted";
  const KINDS = [["kana", /\\p{Script=Hiragana}/u], ["latin", /[\\w０-９Ａ-Ｚａ-ｚ@]/], ["katakana", /[\\p{Script=Katakana}ー]/u], ["kanji", /[\\p{Script=Han}々]/u]];
  const kind = (letter) => KINDS.find(([, fits]) => fits.test(letter))?.[0];
  const flows = (node) => ["inline", "contents"].includes(getComputedStyle(node).display);
  const unseen = (node) => node && (getComputedStyle(node).clipPath === "inset(50%)" || unseen(node.parentElement));
  const blocks = new Map(), range = document.createRange();
  const letters = (node, block) => {
    for (let at = 0; at < node.data.length; at += 1) {
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const box = [...range.getClientRects()].filter(({ width }) => width).pop();
      block.push({ letter: node.data[at], box, owner: node.parentElement });
    }
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    let holder = node.parentElement;
    while (flows(holder)) holder = holder.parentElement;
    if (!blocks.has(holder)) blocks.set(holder, []);
    if (node.nodeType === Node.ELEMENT_NODE) {
      if (node.matches("wbr, br, img, svg") || !flows(node)) blocks.get(holder).push({ letter: " " });
    } else if (node.parentElement.checkVisibility() && !node.parentElement.closest(".skip, option, script") && !unseen(node.parentElement)) {
      letters(node, blocks.get(holder));
    }
  }
  const faults = [];
  for (const [holder, all] of blocks) {
    const style = getComputedStyle(holder);
    const room = Math.max(holder.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight), 8 * parseFloat(style.fontSize));
    const ends = (a, b) => {
      const [one, other] = [kind(a.letter), kind(b.letter)];
      if (!one || !other || !a.box || !b.box) return true;
      return a.owner.closest(LABELS) ? one === "kana" && other !== "kana" : one !== "latin" || other !== "latin";
    };
    for (let at = 1, from = 0; at <= all.length; at += 1) {
      if (at < all.length && !ends(all[at - 1], all[at])) continue;
      const phrase = all.slice(from, at), width = phrase.reduce((sum, { box }) => sum + (box?.width ?? 0), 0);
      const broken = phrase.findIndex(({ letter, box }, i) => i && box.top > phrase[i - 1].box.top + 0.5 * box.height
        && !(kind(letter) === "kana" && kind(phrase[i - 1].letter) === "kana"));
      const words = phrase.map(({ letter }) => letter).join("");
      if (broken > 0 && width <= room) faults.push(`broken: ${words.slice(0, broken)}|${words.slice(broken)}`);
      from = at;
    }
  }
  const [brand, sizes] = [".brand", ".text-size"].map((name) => document.querySelector(name)?.getBoundingClientRect());
  if (brand && sizes && sizes.top > brand.bottom - 10) faults.push("文字サイズ is below the name of the site");
  return faults;
}"""
