// Charts: uPlot with our axes (label and unit), our two frames (never told apart by colour alone) and bands.

import uPlot from "/page/vendor/uplot/uPlot.esm.js";
import { el, say } from "./dom.js";

/** How each series looks: campaign dashed with circles, counter solid with squares (as in every figure of ours). */
export const LOOK = {
  campaign: { stroke: "#0072B2", dash: [9, 4], width: 2.2 },
  counter: { stroke: "#D55E00", width: 2.6 },
  contested: { stroke: "#B58900", dash: [2, 3], width: 2.2 },
  fizzled: { stroke: "#59616a", dash: [7, 3, 2, 3], width: 2 },
  other: { stroke: "#1b1f24", width: 1.8 },
};
const GRID = { stroke: "#dfe3e8", width: 1 };

function faint(colour) {
  return `${colour}2e`;
}

function axis({ label, unit, values, size }, side) {
  const made = {
    side,
    label: unit ? `${label} (${unit})` : label,
    stroke: "#1b1f24",
    font: "13px system-ui, sans-serif",
    labelFont: "600 13px system-ui, sans-serif",
    labelSize: 22,
    grid: side === 2 ? { show: false } : GRID,
    ticks: { ...GRID, size: 4 },
  };
  if (size) made.size = size;
  if (values) made.values = (_, splits) => splits.map(values);
  return made;
}

/**
 * Draw lines, and bands around them, and keep them up to date.
 *
 * chart(root, {
 *   title: "Messages an hour",                                   // its caption
 *   x: {label: "Time since the post", unit: "hours"},            // also `range: [low, high]`, `values: f(number)`
 *   y: {label: "Messages", unit: "an hour"},
 *   series: [{name: "counter", look: "counter"}, {name: "", look: "counter", edge: true}, ...],
 *   bands: [[low, high], ...],                                   // numbers of series (1 is the first), drawn as an area
 *   height: 260,
 * }) returns {
 *   set(columns)   // [x, first series, second, ...]; null where there is nothing
 *   mark(x)        // a vertical line; null takes it away
 *   say(text)      // what it shows, for readers of the screen; also its finding, shown below the caption
 *   node, plot, remove()
 * }
 */
export function chart(root, { title, x, y, series, bands = [], height = 260, legend = true }) {
  const finding = el("p", { class: "hint", "aria-live": "off" });
  const stage = el("div", { role: "img", "aria-label": title });
  const node = el("figure", { class: "chart" }, el("figcaption", {}, title), finding, stage);
  root.append(node);
  let marked = null;
  const drawMark = (plot) => {
    if (marked === null) return;
    const at = Math.round(plot.valToPos(marked, "x", true));
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.strokeStyle = "#1b1f24";
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(at, bbox.top);
    ctx.lineTo(at, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  };
  const looks = series.map(({ name, look = "other", edge = false, points = false, ...rest }) => {
    const base = LOOK[look];
    const made = edge
      ? { label: name, stroke: "transparent", width: 0, points: { show: false } }
      : { label: name, ...base, points: { show: points, size: 7, fill: base.stroke } };
    return { spanGaps: false, ...made, ...rest };
  });
  const plot = new uPlot(
    {
      width: Math.max(200, stage.clientWidth),
      height,
      scales: {
        x: { time: false, ...(x.range ? { range: x.range } : {}) },
        y: y.range ? { range: y.range } : { range: (_, low, high) => [Math.min(0, low ?? 0), Math.max(1e-9, high ?? 1) * 1.06] },
      },
      axes: [axis(x, 2), axis(y, 3)],
      series: [{ label: x.unit ? `${x.label} (${x.unit})` : x.label }, ...looks],
      bands: bands.map(([low, high]) => ({ series: [high, low], fill: faint(LOOK[series[high - 1].look || "other"].stroke) })),
      legend: { show: legend },
      cursor: { drag: { x: false, y: false }, points: { size: 8 } },
      hooks: { draw: [drawMark] },
    },
    [[], ...series.map(() => [])],
    stage,
  );
  const watcher = new ResizeObserver(() => {
    const width = Math.floor(stage.clientWidth);
    if (width > 0 && width !== plot.width) plot.setSize({ width, height });
  });
  watcher.observe(stage);
  return {
    node,
    plot,
    set: (columns) => plot.setData(columns),
    mark: (at) => {
      if (at !== marked) {
        marked = at;
        plot.redraw(false);
      }
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
