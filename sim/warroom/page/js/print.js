// Sheets on paper: what handouts.py gives (words, tables, cards, lines to write on) is laid out and sent to the printer.

import { el } from "./dom.js";

const PARTS = {
  words: (part) => el("p", {}, part.text),
  table: (part) => el("table", { class: part.head[part.head.length - 1] === "" ? "tick" : "" },
    el("thead", {}, el("tr", {}, part.head.map((cell) => el("th", { scope: "col" }, cell)))),
    el("tbody", {}, part.rows.map((row) => el("tr", {}, row.map((cell) => el("td", {}, cell)))))),
  cards: (part) => part.rows.map(([name, task]) => el("div", { class: "sheet-card" }, el("h2", {}, name), el("p", {}, task))),
  lines: (part) => el("div", { class: "sheet-write" }, part.label && el("p", {}, el("strong", {}, part.label)),
    Array.from({ length: part.count }, () => el("div", { class: "sheet-line" }))),
};

/** Print sheets, each on a page of its own; the page itself is not printed meanwhile. */
export function printSheets(heading, sheets) {
  const node = el("div", { class: "sheets" }, sheets.map((sheet) => el("section", { class: "sheet" },
    el("p", { class: "sheet-head" }, el("span", {}, heading), el("span", {}, `For ${sheet.to}`)),
    el("h1", {}, sheet.title), sheet.parts.map((part) => PARTS[part.kind](part)))));
  const done = () => {
    node.remove();
    delete document.body.dataset.sheets;
  };
  for (const before of document.querySelectorAll("body > .sheets")) before.remove();  // pressed again before it was printed
  document.body.append(node);
  document.body.dataset.sheets = "yes";
  window.addEventListener("afterprint", done, { once: true });
  window.print();
}
