// The small phase diagram: a table of odds, coloured, with a ring where one stands. Numbers stand in the cells, so that
// nothing hangs on the colours (blue: seldom hijacked, orange: mostly).

import { el, fill, say, tip } from "../dom.js";

const SELDOM = [110, 175, 214];
const EVEN = [250, 250, 248];
const MOSTLY = [240, 140, 66];

function shade(p) {
  const [from, to, t] = p < 0.5 ? [SELDOM, EVEN, p * 2] : [EVEN, MOSTLY, p * 2 - 1];
  return `rgb(${from.map((low, k) => Math.round(low + (to[k] - low) * t)).join(" ")})`;
}

function short(value) {
  return String(Number(value.toPrecision(2)));
}

/** onAxes([x, y]) when other axes are chosen; onPick({name: value}) when a cell is clicked. */
export function mountPhase(root, onAxes, onPick) {
  const pick = (text, place) => {
    const select = el("select", { "aria-label": text });
    select.addEventListener("change", () => {
      axes[place] = select.value;
      if (axes[0] === axes[1]) axes[1 - place] = options.find(({ name }) => name !== select.value).name;
      onAxes([...axes]);
    });
    return select;
  };
  let axes = ["", ""];
  let options = [];
  const across = pick("What runs to the right", 0);
  const up = pick("What runs upwards", 1);
  const finding = el("p", { class: "said" });
  const grid = el("table", { class: "phase", "aria-label": "Odds of a hijack in percent over two settings" });
  const ring = el("div", { class: "here", title: "You are here", hidden: true });
  const hold = el("div", { class: "phase-hold" }, grid, ring);
  const note = el("p", { class: "hint" });
  const section = el("section", { class: "card", "aria-labelledby": "phase-title" },
    el("h2", { id: "phase-title" }, "Where it ", tip("tipping line", undefined, "tips")),
    finding,
    el("div", { class: "phase-frame" },
      el("div", { class: "phase-up" }, el("span", { class: "axis-word" }, "Upwards"), up), hold,
      el("div", { class: "phase-across" }, el("span", { class: "axis-word" }, "To the right"), across)),
    el("p", { class: "key" }, [["swatch seldom", "seldom hijacked"], ["swatch mostly", "mostly hijacked"], ["here small", "you are here"]].map(([look, words]) => el("span", {}, el("span", { class: look }), " ", words))),
    note);
  root.append(section);
  let cells = [];
  let drawn = "";
  let last = null;

  function lay({ axes: [x, y] }) {
    const shown = JSON.stringify([x.values, y.values, x.name, y.name]);
    if (shown === drawn) return;
    drawn = shown;
    const rows = [...y.values.keys()].reverse();
    cells = y.values.map(() => []);
    fill(grid,
      el("tbody", {}, rows.map((j) => el("tr", {},
        el("th", { scope: "row", class: "number" }, j % 2 ? el("span", { class: "seen-by-readers" }, short(y.values[j])) : short(y.values[j])),
        x.values.map((value, k) => {
          const cell = el("td", { class: "number" });
          cell.addEventListener("click", () => onPick({ [x.name]: value, [y.name]: y.values[j] }));
          cells[j][k] = cell;
          return cell;
        })))),
      el("tfoot", {}, el("tr", {}, el("td", { class: "corner" }), x.values.map((value, k) =>
        el("th", { scope: "col", class: "number" }, k % 2 ? el("span", { class: "seen-by-readers" }, short(value)) : short(value))))));
  }

  function stand({ axes: both, here }) {
    const spots = both.map(({ values }, axis) => (here[axis] - values[0]) / (values[values.length - 1] - values[0]));
    const first = cells[0][0];
    const final = cells[cells.length - 1][cells[0].length - 1];
    const from = [first.offsetLeft + first.offsetWidth / 2, first.offsetTop + first.offsetHeight / 2];
    const to = [final.offsetLeft + final.offsetWidth / 2, final.offsetTop + final.offsetHeight / 2];
    const within = spots.map((spot) => Math.min(1.06, Math.max(-0.06, spot)));
    ring.hidden = false;
    ring.classList.toggle("outside", spots.some((spot) => spot < -0.06 || spot > 1.06));
    ring.style.setProperty("left", `${from[0] + (to[0] - from[0]) * within[0]}px`);
    ring.style.setProperty("top", `${from[1] + (to[1] - from[1]) * within[1]}px`);
  }

  const watcher = new ResizeObserver(() => { if (last) stand(last); });
  watcher.observe(hold);
  return {
    choices(names, labels, chosen) {
      options = names.map((name) => ({ name, label: labels.get(name) || name }));
      axes = [...chosen];
      for (const [place, select] of [across, up].entries()) {
        fill(select, options.map(({ name, label }) => el("option", { value: name }, label)));
        select.value = axes[place];
      }
    },
    show(body) {
      section.hidden = false;
      last = body;
      axes = body.axes.map(({ name }) => name);
      [across.value, up.value] = axes;
      lay(body);
      cells.forEach((row, j) => row.forEach((cell, k) => {
        const runs = body.runs[j][k];
        if (!runs) {
          cell.className = "number unknown";
          say(cell, "");
          return;
        }
        const p = body.hits[j][k] / runs;
        cell.className = "number";
        say(cell, String(Math.round(100 * p)));
        cell.style.setProperty("background-color", shade(p));
        cell.title = `${body.hits[j][k]} of ${runs} runs hijacked`;
      }));
      stand(body);
      say(finding, body.finding || "The first runs of each point are coming in.");
      say(note, `${body.note} Click a point to go there.`);
    },
    hide() { section.hidden = true; },
    remove: () => watcher.disconnect(),
  };
}
