// What the page shows of one run: its crowd, its line of numbers, its timeline and its feed.

import { el } from "../dom.js";
import { CrowdCanvas } from "./live_canvas.js";
import { Timeline } from "./live_charts.js";
import { Feed } from "./live_feed.js";

const STATES = ["not reached", "saw it", "wrote or passed on campaign messages", "counter messages"];
const SHAPES = ["dot", "ring", "disc", "square"];

/** Return what the marks of the crowd mean. */
export function legend() {
  return el("ul", { class: "live-legend" }, STATES.map((text, state) => el("li", {}, el("span", { class: `live-mark ${SHAPES[state]}`, "aria-hidden": "true" }), text)));
}

export class Panel {
  /**
   * @param {string} name A or B.
   * @param {object|null} nodes the shown accounts; null on a real graph.
   * @param {object} labels what each move is called.
   * @param {{crowds, lines, timelines, feeds}} places where its parts go.
   * @param {(row: number) => void} onPick hears which account was clicked.
   */
  constructor(name, nodes, labels, places, onPick) {
    this.name = name;
    this.nodes = nodes;
    this.heads = [];
    this.parts = [];
    if (nodes) {
      this.canvas = new CrowdCanvas({ name, onPick: (place) => onPick(nodes.rows[place]) });
      this.feed = new Feed(name);
      this.put(places.crowds, this.canvas.node);
      this.put(places.feeds, this.feed.node);
      this.canvas.begin(nodes);
    }
    this.timeline = new Timeline(this.put(places.timelines), labels);
    this.line = el("p", { class: "live-line number" });
    this.parts.push(this.line);
    places.lines.append(this.line);
  }

  put(place, node = null) {
    const head = el("h3", { class: "live-head" }, this.name);
    const part = el("div", {}, head, node);
    this.heads.push(head);
    this.parts.push(part);
    place.append(part);
    return part;
  }

  /** Show its name, or not where it is the only one. */
  named(yes) {
    for (const head of this.heads) head.hidden = !yes;
  }

  remove() {
    if (this.canvas) this.canvas.remove();
    this.timeline.remove();
    for (const part of this.parts) part.remove();
  }
}
