// Charts: uPlot with our axes (label and unit), our two frames (never told apart by colour alone) and bands.

import uPlot from "/page/vendor/uplot/uPlot.esm.js";
import { el, say, svg } from "./dom.js";

/** How each series looks: campaign dashed with circles, counter solid with squares (as in every figure of ours). */
export const LOOK = {
  campaign: { stroke: "#0072B2", dash: [9, 4], width: 2.2, marker: "circle" },
  counter: { stroke: "#D55E00", width: 2.6, marker: "square" },
  contested: { stroke: "#B58900", dash: [2, 3], width: 2.2, marker: "diamond" },
  fizzled: { stroke: "#59616a", dash: [7, 3, 2, 3], width: 2 },
  other: { stroke: "#1b1f24", width: 1.8 },
};
const GRID = { stroke: "#dfe3e8", width: 1 };
const MARKS = 8;

/** Return how much larger than on a desk everything is written (1.25 on a wall). */
function scale() {
  return parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
}

function faint(colour) {
  return `${colour}2e`;
}

function titled({ label, unit }) {
  return unit ? `${label} (${unit})` : label;
}

function axis(told, side) {
  const by = scale();
  const made = {
    side,
    label: titled(told),
    stroke: "#1b1f24",
    font: `${13 * by}px system-ui, "DejaVu Sans", sans-serif`,
    labelFont: `600 ${13 * by}px system-ui, "DejaVu Sans", sans-serif`,
    labelSize: 20 * by,
    labelGap: side === 2 ? 2 : 0,
    size: told.size || (side === 2 ? 30 : 52) * by,
    gap: 4,
    grid: side === 2 ? { show: false } : GRID,
    ticks: { ...GRID, size: 4 },
  };
  if (told.values) made.values = (_, splits) => splits.map(told.values);
  return made;
}

const SHAPES = {
  circle: (draw, x, y, r) => draw.arc(x, y, r, 0, 2 * Math.PI),
  square: (draw, x, y, r) => draw.rect(x - r, y - r, 2 * r, 2 * r),
  diamond: (draw, x, y, r) => [[0, -r], [r, 0], [0, r], [-r, 0]].forEach(([dx, dy], k) => (k ? draw.lineTo(x + dx, y + dy) : draw.moveTo(x + dx, y + dy))),
};

// a marker now and then along a line, so that frames are told apart without colour
function drawMarkers(plot, series) {
  const step = Math.max(1, Math.ceil(plot.data[0].length / MARKS));
  const { ctx } = plot;
  series.forEach(({ look = "other", edge }, place) => {
    const shape = SHAPES[LOOK[look].marker];
    const column = plot.data[place + 1];
    if (edge || !shape || !plot.series[place + 1].show) return;
    ctx.save();
    ctx.fillStyle = LOOK[look].stroke;
    for (let row = step - 1; row < column.length; row += step) {
      if (column[row] === null || column[row] === undefined) continue;
      ctx.beginPath();
      shape(ctx, plot.valToPos(plot.data[0][row], "x", true), plot.valToPos(column[row], "y", true), 3.6 * devicePixelRatio);
      ctx.fill();
    }
    ctx.restore();
  });
}

function drawLine(plot, at) {
  const x = Math.round(plot.valToPos(at, "x", true));
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = "#1b1f24";
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

/** Return a small drawing of how a series looks: swatch("counter"). */
export function swatch(look) {
  const { stroke, dash, width, marker } = LOOK[look];
  const line = svg("line", { x1: 0, y1: 7, x2: 30, y2: 7, stroke, "stroke-width": width, "stroke-dasharray": dash ? dash.join(" ") : null });
  const shape = {
    circle: () => svg("circle", { cx: 15, cy: 7, r: 3.8, fill: stroke }),
    square: () => svg("rect", { x: 11.4, y: 3.4, width: 7.2, height: 7.2, fill: stroke }),
    diamond: () => svg("path", { d: "M15 2.5 19.5 7 15 11.5 10.5 7Z", fill: stroke }),
  }[marker];
  return svg("svg", { viewBox: "0 0 30 14", width: 30, height: 14, "aria-hidden": "true" }, line, shape ? shape() : null);
}

/**
 * Draw lines, and bands around them, and keep them up to date.
 *
 * chart(root, {
 *   title: "Messages an hour",                                   // its caption
 *   x: {label: "Time since the post", unit: "hours"},            // also `range: [low, high]`, `values: f(number)`
 *   y: {label: "Messages", unit: "an hour"},
 *   series: [{name: "counter", look: "counter"}, {name: "", look: "counter", edge: true}, ...],   // an edge of a band
 *   bands: [[low, high], ...],                                   // numbers of series (1 is the first), drawn as an area
 *   height: 260,                                                 // larger on a wall
 *   told: (number) => text,                                      // a value under the pointer, in the key
 * }) returns {
 *   set(columns)   // [x, first series, second, ...]; null where there is nothing
 *   mark(x)        // a vertical line; null takes it away
 *   say(text)      // its finding, shown below the caption and read aloud
 *   node, plot, remove()
 * }
 */
export function chart(root, { title, x, y, series, bands = [], height = 260, key = true, told = (value) => value.toPrecision(3) }) {
  const finding = el("p", { class: "hint" });
  const stage = el("div", { role: "img", "aria-label": title });
  const tall = Math.round(height * scale());
  const values = series.map(() => el("span", { class: "number" }));
  const names = series.map(({ name, look = "other", edge }, place) => !edge && el("li", {}, swatch(look), " ", name, " ", values[place]));
  const node = el("figure", { class: "chart" }, el("figcaption", {}, title), finding, key && el("ul", { class: "key" }, names), stage);
  root.append(node);
  let marked = null;
  const plot = new uPlot(
    {
      width: Math.max(200, stage.clientWidth),
      height: tall,
      scales: {
        x: { time: false, ...(x.range ? { range: x.range } : {}) },
        y: { range: y.range || ((_, low, high) => [Math.min(0, low ?? 0), (high > 0 ? high : 1) * 1.06]) },
      },
      axes: [axis(x, 2), axis(y, 3)],
      series: [
        { label: titled(x) },
        ...series.map(({ name, look = "other", edge }) => {
          const { marker, ...line } = LOOK[look];
          return { label: name, ...line, points: { show: false }, ...(edge ? { stroke: "transparent", width: 0, dash: [] } : {}) };
        }),
      ],
      bands: bands.map(([low, high]) => ({ series: [high, low], fill: faint(LOOK[series[high - 1].look || "other"].stroke) })),
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, y: false, points: { size: 8 } },
      hooks: {
        draw: [(drawn) => drawMarkers(drawn, series), (drawn) => marked !== null && drawLine(drawn, marked)],
        setCursor: [
          ({ cursor: { idx }, data }) => values.forEach((value, place) => {
            const seen = idx === null || idx === undefined ? null : data[place + 1][idx];
            say(value, seen === null || seen === undefined ? "" : told(seen));
          }),
        ],
      },
    },
    [[], ...series.map(() => [])],
    stage,
  );
  const watcher = new ResizeObserver(() => {
    const width = Math.floor(stage.clientWidth);
    if (width > 0 && width !== plot.width) plot.setSize({ width, height: tall });
  });
  watcher.observe(stage);
  return {
    node,
    plot,
    set: (columns) => plot.setData(columns),
    mark: (at) => {
      if (at === marked) return;
      marked = at;
      plot.redraw(false);
    },
    say: (text) => {
      say(finding, text);
      stage.setAttribute("aria-label", `${title}. ${text}`);
    },
    remove: () => {
      watcher.disconnect();
      plot.destroy();
      node.remove();
    },
  };
}
