// The two-minute tour: a card that walks past the parts of a view. Keys: Enter or right for next, left for back,
// Escape ends it. A view offers its steps; the button in the head starts them.

import { button, el, newId, say } from "./dom.js";

const handle = document.getElementById("tour");
let steps = [];
let running = null;

/**
 * Offer a tour of the view that is shown.
 * @param {{at: () => Element|null, title: string, text: string}[]} offered - a step whose element is missing is left out.
 */
export function offerTour(offered) {
  steps = offered;
  handle.hidden = steps.length === 0;
}

/** Take the offer back (the view goes). */
export function withdrawTour() {
  if (running) running.end();
  offerTour([]);
}

/** Start the tour that is offered. */
export function startTour() {
  if (running) return;
  const here = steps.filter((step) => step.at());
  if (here.length > 0) running = new Tour(here);
}

handle.addEventListener("click", startTour);

class Tour {
  constructor(walk) {
    this.walk = walk;
    this.place = 0;
    this.before = document.activeElement;
    const title = newId("tour");
    const text = newId("tour");
    this.title = el("h2", { id: title });
    this.text = el("p", { id: text });
    this.count = el("p", { class: "tour-count" });
    this.back = button("Back", () => this.go(-1), { class: "quiet" });
    this.next = button("Next", () => this.go(1), { class: "primary" });
    this.skip = button("Skip the tour", () => this.end(), { class: "quiet" });
    this.card = el("div", { class: "tour-card", role: "dialog", "aria-modal": "true", "aria-labelledby": title, "aria-describedby": text },
      this.count, this.title, this.text, el("div", { class: "row" }, this.back, this.next, this.skip));
    this.frame = el("div", { class: "tour-frame", "aria-hidden": "true" });
    this.shade = el("div", { class: "tour-shade" }, this.frame, this.card);
    this.keys = (event) => this.key(event);
    this.moved = () => this.place_card();
    document.addEventListener("keydown", this.keys, true);
    window.addEventListener("resize", this.moved);
    window.addEventListener("scroll", this.moved, { passive: true });
    document.body.append(this.shade);
    this.show();
  }

  key(event) {
    if (event.key === "Escape") this.end();
    else if (event.key === "ArrowRight") this.go(1);
    else if (event.key === "ArrowLeft") this.go(-1);
    else if (event.key === "Tab") this.keep(event);
    else return;
    event.stopPropagation();
  }

  // the keyboard stays in the card while the tour runs
  keep(event) {
    const stops = [this.back, this.next, this.skip].filter((stop) => !stop.hidden);
    const at = stops.indexOf(document.activeElement);
    const to = (at + (event.shiftKey ? -1 : 1) + stops.length) % stops.length;
    event.preventDefault();
    stops[to].focus();
  }

  go(by) {
    if (this.place + by >= this.walk.length) {
      this.end();
      return;
    }
    this.place = Math.max(0, this.place + by);
    this.show();
  }

  show() {
    const step = this.walk[this.place];
    const last = this.place === this.walk.length - 1;
    say(this.title, step.title);
    say(this.text, step.text);
    say(this.count, this.walk.length > 1 ? `${this.place + 1} of ${this.walk.length}` : "");
    this.back.hidden = this.place === 0;
    this.skip.hidden = last;
    say(this.next, last ? "Done" : "Next");
    const target = step.at();
    if (target) target.scrollIntoView({ block: "center" });
    this.place_card();
    this.next.focus();
  }

  place_card() {
    const target = this.walk[this.place].at();
    if (!target) return;
    const box = target.getBoundingClientRect();
    const room = 6;
    const tall = document.documentElement.clientHeight;
    const wide = document.documentElement.clientWidth;
    const set = (node, sides) => Object.entries(sides).forEach(([side, value]) => node.style.setProperty(side, `${value}px`));
    set(this.frame, { left: box.left - room, top: box.top - room, width: box.width + 2 * room, height: box.height + 2 * room });
    const card = this.card.getBoundingClientRect();
    const below = box.bottom + 2 * room + card.height < tall;
    const above = box.top - 2 * room - card.height > 0;
    const top = below ? box.bottom + 2 * room : above ? box.top - 2 * room - card.height : tall - card.height - 12;
    set(this.card, { left: Math.max(12, Math.min(box.left, wide - card.width - 12)), top: Math.max(12, top) });
  }

  end() {
    document.removeEventListener("keydown", this.keys, true);
    window.removeEventListener("resize", this.moved);
    window.removeEventListener("scroll", this.moved);
    this.shade.remove();
    running = null;
    if (this.before && this.before.isConnected) this.before.focus();
  }
}
