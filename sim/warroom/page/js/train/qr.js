// A QR code, drawn from the rows of squares that the server sends.

import { svg } from "../dom.js";

const QUIET = 4;

/** Return the drawing of rows of "0" and "1", with the white rim that cameras need. */
export function qr(squares, label) {
  const side = squares.length + 2 * QUIET;
  const dark = squares.flatMap((row, y) => [...row.matchAll(/1+/g)].map((run) => `M${run.index + QUIET} ${y + QUIET}h${run[0].length}v1h-${run[0].length}z`));
  return svg("svg", { class: "qr", viewBox: `0 0 ${side} ${side}`, role: "img", "aria-label": label, "shape-rendering": "crispEdges" },
    svg("rect", { width: side, height: side, fill: "#fff" }), svg("path", { d: dark.join(""), fill: "#000" }));
}
