// The wall in a window of its own, for the projector: its link opens the wall alone, and the debrief after the reveal.

import { el, fill } from "../dom.js";
import { wall } from "../train/wall.js";

export const title = "The wall";
export const styles = ["train.css"];

export function mount(root, connection, [session, token]) {
  fill(root, el("p", { class: "hint" }, "Opening the wall ..."));
  const known = { clock: null, wall: null, reveal: null };
  let shown = null;
  for (const kind of Object.keys(known)) {
    connection.on(kind, (body) => {
      known[kind] = body;
      if (shown) shown[kind](body);
    });
  }
  connection.open({ as: "wall", session, token }).then(({ deck, laptop, join }) => {
    const front = el("div", {});
    shown = wall(front, deck, { laptop, join, debrief: `#debrief/${session}/${encodeURIComponent(token)}` });
    fill(root, front);
    for (const [kind, body] of Object.entries(known)) if (body) shown[kind](body);
  }, (problem) => {
    fill(root, el("section", { class: "card narrow" }, el("h1", {}, "The wall does not open"), el("p", {}, problem.message)));
  });
  return () => {};
}
