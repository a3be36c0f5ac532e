// What a page lacks for keyboards, screen readers and weak eyes; a list of sentences.
const faults = [];
const shown = (node) => node.checkVisibility({ visibilityProperty: true });

for (const node of document.querySelectorAll("input, select, button, [tabindex='0']")) {
  const name = node.getAttribute("aria-label")
    || (node.labels && [...node.labels].map((label) => label.textContent).join(" "))
    || (node.getAttribute("aria-labelledby") || "").split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ")
    || node.textContent || node.title;
  if (!name || !name.trim()) {
    faults.push("no name: " + node.outerHTML.slice(0, 120));
  }
}
const seen = new Set();
for (const node of document.querySelectorAll("[id]")) {
  if (seen.has(node.id)) {
    faults.push("id twice: " + node.id);
  }
  seen.add(node.id);
}
let level = 0;
for (const node of document.querySelectorAll("h1, h2, h3, h4")) {
  const next = Number(node.tagName[1]);
  if (next > level + 1) {
    faults.push("heading skips a level: " + node.textContent);
  }
  level = next;
}
for (const node of document.querySelectorAll("table:not(.u-legend)")) {
  if (!node.caption?.textContent) {
    faults.push("table without a caption: " + node.className);
  }
  if ([...node.querySelectorAll("th")].some((th) => !th.scope)) {
    faults.push("head without a scope: " + node.caption?.textContent);
  }
}
for (const node of document.querySelectorAll("canvas")) {
  if (!node.getAttribute("role") || !(node.getAttribute("aria-label") || node.getAttribute("aria-labelledby"))) {
    faults.push("canvas without a role and a name");
  }
}
for (const tag of ["main", "header", "nav", "footer", "h1"]) {
  if (document.querySelectorAll(tag).length !== 1) {
    faults.push("not one " + tag);
  }
}

const colourOf = (text) => {
  const numbers = text.match(/[\d.]+(e-?\d+)?/g).map(Number);
  const rgb = text.startsWith("color(") ? numbers.slice(0, 3).map((n) => n * 255) : numbers.slice(0, 3);
  return { rgb, alpha: numbers[3] ?? 1 };
};
const luminance = ({ rgb }) => {
  const [r, g, b] = rgb.map((n) => n / 255).map((n) => (n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const backgroundOf = (node) => {
  for (let at = node; at; at = at.parentElement) {
    const colour = colourOf(getComputedStyle(at).backgroundColor);
    if (colour.alpha > 0) {
      return colour;
    }
  }
  return { rgb: [255, 255, 255], alpha: 1 };
};
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
let checked = 0;
for (let text = texts.nextNode(); text; text = texts.nextNode()) {
  const node = text.parentElement;
  if (!text.data.trim() || !shown(node) || node.closest("script, noscript, .unseen, .skip, option")) {
    continue;
  }
  const [a, b] = [luminance(colourOf(getComputedStyle(node).color)), luminance(backgroundOf(node))];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  checked++;
  if (ratio < 4.5) {
    faults.push("contrast " + ratio.toFixed(2) + ": " + text.data.trim().slice(0, 60));
  }
}
if (checked < 50) {
  faults.push("only " + checked + " texts were looked at");
}
return faults;
