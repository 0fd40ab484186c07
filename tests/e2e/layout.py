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
