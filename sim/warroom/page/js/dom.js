// Elements of the page. Text only ever becomes text: nothing that a person wrote is read as markup.

import { GLOSSARY } from "./glossary.js";

const LINKS = /^(#|\/page\/|blob:)/;
let made = 0;

/** Return an id that no other element has. */
export function newId(stem = "e") {
  made += 1;
  return `${stem}-${made}`;
}

function give(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") {
    for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  } else if (name === "style") {
    for (const [property, set] of Object.entries(value)) node.style.setProperty(property, set);
  } else if (name === "data") {
    for (const [key, set] of Object.entries(value)) node.dataset[key] = set;
  } else if (name === "value" || name === "checked" || name === "disabled" || name === "hidden") {
    node[name] = value;
    if (name === "value" && node.tagName !== "INPUT" && node.tagName !== "TEXTAREA") node.setAttribute(name, value);
  } else if (/^on/i.test(name) || name === "srcdoc") {
    throw new Error(`${name} is not set as an attribute`);
  } else if ((name === "href" || name === "src") && !LINKS.test(value)) {
    throw new Error(`${name} must stay on this page`);
  } else {
    node.setAttribute(name, value === true ? "" : String(value));
  }
}

function put(node, child) {
  if (child === null || child === undefined || child === false) return;
  if (Array.isArray(child)) child.forEach((one) => put(node, one));
  else node.append(child instanceof Node ? child : document.createTextNode(String(child)));
}

/**
 * Return an element: el("button", {class: "button", on: {click: f}}, "Play").
 * Attributes: any, besides `on` (listeners by event), `style` (properties), `data` (data-*).
 * Children: elements, texts, numbers, lists of them; null, undefined and false are left out.
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  put(node, children);
  for (const [name, value] of Object.entries(attributes)) give(node, name, value);
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** Return an element of a drawing: svg("circle", {cx: 5, cy: 5, r: 2, class: "dot"}). */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) give(node, name, value);
  put(node, children);
  return node;
}

// what tells an element from its neighbours, whichever of its makings it is
function known(node) {
  const label = node.getAttribute("aria-label") || (node.labels && node.labels[0] && node.labels[0].textContent);
  return [node.tagName, node.name || "", node.type === "radio" ? node.value : "", label || node.textContent].join("|");
}

/** Put children in the place of what a node holds; who was at one of them by keyboard is at its successor afterwards. */
export function fill(node, ...children) {
  const held = document.activeElement;
  const inside = held && held !== node && node.contains(held);
  const sought = inside && known(held);
  node.replaceChildren();
  put(node, children);
  if (inside) {
    const again = node.contains(held) ? held : [...node.querySelectorAll(held.tagName)].find((each) => known(each) === sought);
    if (again) again.focus({ preventScroll: true });
  }
  return node;
}

/** Let something hide the button at which somebody is by keyboard: they go on at the first one that is shown. */
export function holding(row, change) {
  const held = row.contains(document.activeElement) && document.activeElement;
  change();
  if (!held || !held.hidden) return;
  const next = [...row.querySelectorAll("button, a")].find((each) => !each.hidden && !each.disabled);
  if (next) next.focus({ preventScroll: true });
}

/** Set a node's text if it is another one (readers of the screen are not told twice). */
export function say(node, text) {
  const told = String(text);
  if (node.textContent !== told) node.textContent = told;
}

/**
 * Return a field with its label: field("Your name", el("input", {...}), "At most 40 letters.").
 * The hint, if any, is read with the field.
 */
export function field(label, input, hint) {
  if (!input.id) input.id = newId("field");
  const parts = [el("label", { for: input.id }, label), input];
  if (hint) {
    const note = el("p", { class: "hint", id: newId("hint") }, hint);
    input.setAttribute("aria-describedby", note.id);
    parts.push(note);
  }
  return el("div", { class: "field" }, parts);
}

/** Return a button: button("Play", () => ..., {class: "primary"}). */
export function button(label, onClick, attributes = {}) {
  const { class: extra = "", ...rest } = attributes;
  return el("button", { type: "button", class: `button ${extra}`.trim(), on: { click: onClick }, ...rest }, label);
}

let opened = null;

function close() {
  if (!opened) return;
  if (opened.bubble.hidePopover && opened.bubble.isConnected) opened.bubble.hidePopover();
  opened.bubble.hidden = true;
  opened.handle.setAttribute("aria-expanded", "false");
  opened = null;
}

// below its term, or above it where there is more room; never over an edge of the window
function place() {
  if (!opened) return;
  const { handle, bubble } = opened;
  const { clientWidth: wide, clientHeight: tall } = document.documentElement;
  const at = handle.getBoundingClientRect();
  const above = at.bottom + bubble.offsetHeight > tall && at.top > tall - at.bottom;
  bubble.style.setProperty("left", `${Math.max(8, Math.min(at.left, wide - 8 - bubble.offsetWidth))}px`);
  bubble.style.setProperty("top", `${above ? at.top - bubble.offsetHeight : at.bottom}px`);
}

function open(handle, bubble) {
  if (opened && opened.bubble === bubble) return;
  close();
  bubble.hidden = false;
  if (bubble.showPopover) bubble.showPopover();  // above everything, whatever it stands in
  handle.setAttribute("aria-expanded", "true");
  opened = { handle, bubble };
  place();
}

document.addEventListener("scroll", place, { capture: true, passive: true });
window.addEventListener("resize", place);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});
document.addEventListener("click", (event) => {
  if (opened && !opened.handle.contains(event.target) && !opened.bubble.contains(event.target)) close();
});

/**
 * Return a term of the field with its explanation, shown when it is pointed at, focused or touched.
 * tip("hijack share") takes it from the glossary; tip("openness", "How far ...", "how open") gives another one, and
 * another label.
 */
export function tip(term, text = GLOSSARY[term.toLowerCase()], label = term) {
  if (!text) return document.createTextNode(label);
  const bubble = el("span", { class: "tip-text", role: "note", id: newId("tip"), popover: "manual", hidden: true }, text);
  const handle = el("button", { type: "button", class: "tip", "aria-expanded": "false", "aria-controls": bubble.id }, label);
  const whole = el("span", { class: "tip-whole" }, handle, bubble);
  handle.addEventListener("click", () => open(handle, bubble));
  handle.addEventListener("focus", () => { if (handle.matches(":focus-visible")) open(handle, bubble); });
  whole.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") open(handle, bubble); });
  whole.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse" && document.activeElement !== handle) close(); });
  handle.addEventListener("blur", close);
  return whole;
}
