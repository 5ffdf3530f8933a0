// All teams' timelines under one scrubber: what lies ahead is covered.

import { button, el, say, svg } from "../dom.js";
import { DRAWN_WIDTH } from "./pictures.js";
import { clock, percent } from "./words.js";

// where a timeline's plot begins and ends (sim/warroom/debrief/draw.py)
const PLOT = [34, 352];

function sample(look) {
  return svg("svg", { viewBox: "0 0 36 8", "aria-hidden": "true" },
    svg("line", { x1: 0, y1: 4, x2: 36, y2: 4, "stroke-width": 3, ...look }));
}

/** All teams' timelines under one scrubber. */
export class Replay {
  constructor(pictures) {
    this.pictures = pictures;
    this.minute = null;
    this.timer = null;
    // it counts points of the curves: the last one may stand for fewer minutes than the others
    this.slider = el("input", { type: "range", min: 0, max: 4, step: 1, value: 4, "aria-label": "Time since the post", on: { input: () => this.to(Number(this.slider.value) * this.told.curve_minutes) } });
    this.time = el("output", {});
    this.play = button("Replay", () => this.toggle());
    this.grid = el("div", { class: "replay-grid" });
    this.said = el("p", { class: "hint", "aria-live": "polite" });
    this.panels = new Map();
    this.node = [
      el("p", { class: "key small" },
        el("span", {}, sample({ stroke: "#0072B2", "stroke-dasharray": "7 4" }), "for the sender"),
        el("span", {}, sample({ stroke: "#D55E00" }), "critical"),
        el("span", {}, sample({ stroke: "#B58900" }), "while it trends"),
        el("span", {}, "numbers: decisions (hollow: silence)")),
      el("div", { class: "replay-bar" }, this.play, this.slider, this.time),
      el("p", { class: "small" }, "Messages in every quarter of an hour, by hours since the post."),
      this.said,
      this.grid,
    ];
  }

  update(told, drawn) {
    this.told = told;
    const last = told.played;
    this.slider.max = Math.ceil(last / told.curve_minutes);
    for (const team of told.teams) {
      if (!this.panels.has(team.number)) {
        const picture = this.pictures.get(`timeline ${team.number}`);
        const cover = el("div", { class: "replay-cover" });
        const count = el("p", { class: "small number" });
        const name = el("figcaption", {});
        const panel = el("figure", {}, name,
          el("div", { class: "replay-stage" }, picture.node, cover), count);
        this.panels.set(team.number, { picture, cover, count, name });
        this.grid.append(panel);
      }
      const { picture, name } = this.panels.get(team.number);
      const said = `${team.name}${team.number === told.own ? " (yours)" : ""}${team.end ? `: ${team.end}` : ""}`;
      say(name, said);
      picture.show(drawn.timelines[team.number] || "", `${said}. Messages in every ${told.curve_minutes} minutes while it was played, for and against the sender`);
    }
    this.to(this.minute === null ? last : this.minute, false);
  }

  to(minute, tells = true) {
    const last = this.told.played;
    this.minute = Math.min(minute, last);
    const bins = Math.ceil(this.minute / this.told.curve_minutes);
    this.slider.value = bins;
    this.slider.setAttribute("aria-valuetext", `${clock(this.minute)} after the post`);
    say(this.time, clock(this.minute));
    const left = (PLOT[0] + (this.minute / Math.max(1, last)) * (PLOT[1] - PLOT[0])) / DRAWN_WIDTH;
    const now = [];
    for (const team of this.told.teams) {
      const { cover, count } = this.panels.get(team.number);
      cover.style.setProperty("--at", `${100 * left}%`);
      cover.hidden = this.minute >= last;
      if (!team.curves) continue;
      const sum = (counts) => counts.slice(0, bins).reduce((all, one) => all + one, 0);
      const [pro, con] = [sum(team.curves.campaign), sum(team.curves.counter)];
      say(count, `So far ${pro.toLocaleString("en")} for, ${con.toLocaleString("en")} critical${pro + con ? ` (${percent(con / (pro + con))})` : ""}`);
      for (const made of team.moves) {
        if (made.minute <= this.minute && made.minute > this.minute - this.told.curve_minutes) now.push(`${team.name}: ${made.words}`);
      }
    }
    if (tells) say(this.said, now.length ? `${clock(this.minute)}. ${now.join("; ")}.` : "");
  }

  toggle() {
    if (this.timer !== null) {
      this.stop();
      return;
    }
    if (this.minute >= this.told.played) this.to(0);
    say(this.play, "Pause");
    this.timer = setInterval(() => {
      this.to(this.minute + this.told.curve_minutes);
      if (this.minute >= this.told.played) this.stop();
    }, 350);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    say(this.play, "Replay");
  }
}
