// Returns every fault of layout on the page as a sentence: sideways scroll, text or controls that lie over each
// other, text that is cut off. A rule engine for accessibility sees none of these.
() => {
  const SLACK = 2;
  const faults = [];
  const width = document.documentElement.clientWidth;

  const name = (element) => {
    const words = (element.innerText ?? element.value ?? "").trim().replace(/\s+/g, " ").slice(0, 30);
    const classes = typeof element.className === "string" ? element.className.trim().replace(/\s+/g, ".") : "";
    return `<${element.tagName.toLowerCase()}${classes ? "." + classes : ""}> “${words}”`;
  };

  // What is left of a box after every ancestor that clips has cut it; null when nothing can be seen.
  const seen = (box, element) => {
    let { left, top, right, bottom } = box;
    for (let at = element; at && at !== document.documentElement; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.clipPath === "inset(50%)") return null;
      if (style.overflowX !== "visible" || style.overflowY !== "visible") {
        const edge = at.getBoundingClientRect();
        left = Math.max(left, edge.left);
        right = Math.min(right, edge.right);
        top = Math.max(top, edge.top);
        bottom = Math.min(bottom, edge.bottom);
      }
      if (style.position === "fixed") break;
    }
    return right - left > SLACK && bottom - top > SLACK ? { left, top, right, bottom } : null;
  };

  const shown = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !element.closest("svg *");

  // Bars that stay on screen while the page scrolls lie over it by intent; they are compared among themselves.
  const layer = (element) => {
    for (let at = element; at; at = at.parentElement) {
      if (["fixed", "sticky"].includes(getComputedStyle(at).position)) return at;
    }
    return null;
  };

  if (document.documentElement.scrollWidth > width + 1) {
    faults.push(`the page scrolls sideways: ${document.documentElement.scrollWidth} > ${width}`);
  }

  const pieces = [];
  const edges = ({ left, top, right, bottom }) => ({ left, top, right, bottom });
  const add = (box, element) => {
    const visible = seen(box, element);
    if (!visible) return;
    if (visible.right > width + SLACK || visible.left < -SLACK) faults.push(`off the side: ${name(element)}`);
    pieces.push({ ...visible, element, layer: layer(element) });
  };

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest("script, style, option, template") || !shown(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    // A Latin word may break at its own hyphen or slash, not between two letters.
    for (const word of element.closest(".sa-code, .sa-num, [href^=http]") ? [] : node.data.matchAll(/[A-Za-z]{3,}/g)) {
      if (/(https?:|[/@.])\S*$/.test(node.data.slice(0, word.index))) continue;
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
      if (lines.size > 1 && seen(range.getBoundingClientRect(), element)) faults.push(`broken word: ${word[0]} in ${name(element)}`);
    }
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      // A line's box is higher than its letters, and lines may well share that air.
      const air = Math.max(0, (box.height - size) / 2);
      add({ left: box.left, right: box.right, top: box.top + air, bottom: box.bottom - air }, element);
    }
  }
  for (const element of document.querySelectorAll("a, button, input, select, textarea, summary, svg, img")) {
    if (!shown(element) || element.matches("[type=hidden]")) continue;
    const style = getComputedStyle(element);
    const inner = (side) => (element.matches("input, select") ? parseFloat(style[`padding${side}`]) : 0);
    for (const box of element.getClientRects()) {
      add({ ...edges(box), left: box.left + inner("Left"), right: box.right - inner("Right") }, element);
    }
  }

  // A count may sit on the corner of its own icon.
  const isBadge = (count, icon) => icon.matches("svg") && count.matches(".sa-count") && count.parentElement === icon.parentElement;

  pieces.sort((one, other) => one.top - other.top);
  pieces.forEach((one, index) => {
    for (let next = index + 1; next < pieces.length && pieces[next].top < one.bottom - SLACK; next += 1) {
      const other = pieces[next];
      if (one.layer !== other.layer || one.element === other.element) continue;
      if (one.element.contains(other.element) || other.element.contains(one.element)) continue;
      if (isBadge(one.element, other.element) || isBadge(other.element, one.element)) continue;
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (across > SLACK && down > SLACK) {
        faults.push(`${name(one.element)} and ${name(other.element)} overlap by ${Math.round(across)} × ${Math.round(down)}`);
      }
    }
  });

  for (const element of document.querySelectorAll("body *")) {
    if (!shown(element) || element.closest("svg") || element.clientWidth <= SLACK) continue;
    const style = getComputedStyle(element);
    const cuts = (overflow) => overflow === "hidden" || overflow === "clip";
    // A flexible box shows no ellipsis, whatever its style says.
    const marked = style.textOverflow === "ellipsis" && !/flex|grid/.test(style.display);
    if (cuts(style.overflowX) && !marked && element.scrollWidth > element.clientWidth + 1) {
      faults.push(`cut at the side: ${name(element)} ${element.scrollWidth} > ${element.clientWidth}`);
    }
    if (cuts(style.overflowY) && element.scrollHeight > element.clientHeight + SLACK) {
      faults.push(`cut below: ${name(element)} ${element.scrollHeight} > ${element.clientHeight}`);
    }
    if (["auto", "scroll"].includes(style.overflowX) && element.scrollWidth > element.clientWidth + 1) {
      faults.push(`scrolls sideways: ${name(element)} ${element.scrollWidth} > ${element.clientWidth}`);
    }
  }

  const pen = document.createElement("canvas").getContext("2d");
  for (const field of document.querySelectorAll("input[placeholder], select")) {
    if (!shown(field) || getComputedStyle(field).textOverflow === "ellipsis") continue;
    const style = getComputedStyle(field);
    pen.font = style.font;
    const words = field.placeholder ?? field.selectedOptions[0]?.text ?? "";
    const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    if (pen.measureText(words).width > room + 1) faults.push(`cut in its field: “${words}”`);
  }
  return [...new Set(faults)];
}
