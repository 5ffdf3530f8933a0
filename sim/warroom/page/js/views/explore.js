// Explore, alone: the odds of what is chosen (odds.js), and below them the campaign minute by minute.

import { el, fill } from "../dom.js";
import { makeChosen } from "../explore/chosen.js";
import { mountLive } from "../explore/live.js";
import { mountOdds } from "../explore/odds.js";

export const title = "Explore";
export const styles = ["explore.css", "live.css"];

export function mount(root, connection, [token]) {
  const chosen = makeChosen();
  const upper = el("div", { class: "explore-odds" });
  const lower = el("div", { class: "explore-live" });
  fill(root, el("h1", { class: "seen-by-readers" }, "Explore a post"), upper, lower);
  const takeDown = [mountOdds(upper, connection, chosen), mountLive(lower, connection, chosen)];
  connection.open({ as: "explorer", token: token || null }).then((offer) => {
    sessionStorage.setItem("house", token);
    connection.offer = offer;
    for (const part of takeDown) part.begin?.(offer);
  }, (problem) => {
    fill(root, el("section", { class: "card narrow" }, el("h1", {}, "This link does not open"), el("p", {}, problem.message)));
  });
  return () => takeDown.forEach((part) => part.remove());
}
