// The network alive: a sample of the audience as discs of dots, and messages that travel between them.
//
// A state is told by colour and shape: a dot (nothing seen), a ring (saw it), a filled circle (campaign), a filled
// square (counter). Two canvases lie on each other: the dots, drawn when a state changes, and what travels. The ground
// (discs, lines between accounts, labels) is drawn once for a width, since its curves cost more than all dots.

import { el } from "../dom.js";
import { CAMPAIGN, COUNTER, SAW, UNEXPOSED } from "./live_run.js";

const COLOURS = ["#9aa3ad", "#59616a", "#0072B2", "#D55E00"];
const LINE = "#d5dae0";
const INK = "#1b1f24";
const PULSE_MS = 700;
const STEP_MS = 30; // between two pictures of what travels
const MOST_PULSES = 320;
const BEND = 0.13; // how far a line between two bends, as a part of its length

/** Return the size of small type in pixels: larger on a wall. */
function small() {
  return 0.76 * parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** Return where the line from one place to another bends to. */
function bent([x0, y0], [x1, y1]) {
  return [(x0 + x1) / 2 - (y1 - y0) * BEND, (y0 + y1) / 2 + (x1 - x0) * BEND];
}

/** Return places of discs for a width: rows of one community each, halved where the width is small. */
function arrange(discs, width, type) {
  const label = type * 1.6; // and room for the sender and the newsrooms above the discs
  const there = discs.map((disc, number) => ({ ...disc, number })).filter((disc) => disc.shown > 0);
  const names = [...new Set(there.map((disc) => disc.community))];
  const rows = [];
  for (const name of names) {
    const row = there.filter((disc) => disc.community === name);
    const half = width < 520 && row.length > 3 ? Math.ceil(row.length / 2) : row.length;
    rows.push(row.slice(0, half));
    if (half < row.length) rows.push(row.slice(half));
  }
  // small discs get a little more room than their people would have
  const reach = (disc) => Math.sqrt(disc.shown) + 3;
  const gap = 12;
  const unit = Math.min(...rows.map((row) => (width - gap * (row.length + 1)) / (2 * row.reduce((sum, disc) => sum + reach(disc), 0))));
  let y = type * 3.2;
  const places = [];
  let last = null;
  for (const row of rows) {
    const isNew = row[0].community !== last;
    last = row[0].community;
    const height = Math.max(...row.map((disc) => 2 * reach(disc) * unit));
    const wide = row.reduce((sum, disc) => sum + 2 * reach(disc) * unit + gap, -gap);
    let x = (width - wide) / 2;
    if (isNew) y += label;
    const top = y;
    y += label;
    for (const disc of row) {
      const r = reach(disc) * unit;
      places.push({ ...disc, x: x + r, y: y + height / 2, r, top: y + height / 2 - r - 5, title: isNew && disc === row[0] ? { text: disc.community, x: 8, y: top - 4 } : null });
      x += 2 * r + gap;
    }
    y += height + 6;
  }
  return { places, height: Math.ceil(y + 4) };
}

export class CrowdCanvas {
  /** @param {(place: number) => void} onPick hears which shown account was clicked. */
  constructor({ name, onPick }) {
    this.base = el("canvas", { role: "img", "aria-label": `Network of run ${name}` });
    this.top = el("canvas", { class: "live-travel", "aria-hidden": "true" });
    this.node = el("div", { class: "live-canvas" }, this.base, this.top);
    this.pulses = [];
    this.travelled = 0;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.picked = null;
    this.watcher = new ResizeObserver(() => this.fit());
    this.watcher.observe(this.node);
    this.base.addEventListener("click", (event) => {
      const place = this.at(event.offsetX, event.offsetY);
      if (place !== null) onPick(place);
    });
    this.base.addEventListener("pointermove", (event) => {
      this.base.style.cursor = this.at(event.offsetX, event.offsetY) === null ? "default" : "pointer";
    });
  }

  /** Show another sample. */
  begin(sample) {
    this.sample = sample;
    this.states = new Uint8Array(sample.disc.length);
    this.pulses = [];
    this.width = 0;
    this.fit();
  }

  remove() {
    this.watcher.disconnect();
    cancelAnimationFrame(this.turn);
    cancelAnimationFrame(this.drawing);
    this.node.remove();
  }

  fit() {
    const width = Math.floor(this.node.clientWidth);
    if (!this.sample || width < 60 || width === this.width) return;
    this.width = width;
    const { places, height } = arrange(this.sample.discs, width, small());
    this.height = height;
    this.discs = places;
    const byNumber = new Map(places.map((place) => [place.number, place]));
    const { disc, x, y } = this.sample;
    this.x = new Float32Array(disc.length);
    this.y = new Float32Array(disc.length);
    for (let j = 0; j < disc.length; j += 1) {
      const place = byNumber.get(disc[j]);
      this.x[j] = place.x + (x[j] / 1000) * (place.r - 3);
      this.y[j] = place.y + (y[j] / 1000) * (place.r - 3);
    }
    this.node.style.setProperty("height", `${height}px`);
    this.scale = Math.min(2, devicePixelRatio || 1);
    for (const canvas of [this.base, this.top]) {
      canvas.width = Math.round(width * this.scale);
      canvas.height = Math.round(height * this.scale);
      canvas.getContext("2d").setTransform(this.scale, 0, 0, this.scale, 0, 0);
    }
    this.ground = this.paintGround();
    this.dot = Math.max(0.45, Math.min(1.25, places.reduce((most, place) => Math.max(most, place.r / Math.sqrt(place.shown)), 0) / 4.2));
    this.paint();
  }

  /** Show states (0 to 3), and let messages travel: from, to, frame, from, to, frame ... */
  show(states, passed = []) {
    this.states = states;
    if (!this.drawing) {
      this.drawing = requestAnimationFrame(() => {
        this.drawing = 0;
        this.paint();
      });
    }
    if (this.calm.matches || !passed.length || !this.x || document.hidden) return;
    const now = performance.now();
    for (let j = 0; j < passed.length; j += 3) {
      const delay = (j / passed.length) * 80;
      this.pulses.push({ from: passed[j], to: passed[j + 1], frame: passed[j + 2], since: now + delay });
    }
    if (this.pulses.length > MOST_PULSES) this.pulses.splice(0, this.pulses.length - MOST_PULSES);
    if (!this.turn) this.turn = requestAnimationFrame(() => this.travel());
  }

  pick(place) {
    this.picked = place;
    this.show(this.states);
  }

  at(x, y) {
    if (!this.x) return null;
    let best = null;
    let least = 64;
    for (let j = 0; j < this.x.length; j += 1) {
      const apart = (this.x[j] - x) ** 2 + (this.y[j] - y) ** 2;
      if (apart < least) {
        least = apart;
        best = j;
      }
    }
    return best;
  }

  source(place) {
    if (place === -1) return [this.width / 2 - 44, small() * 1.6];
    if (place === -2) return [this.width / 2 + 44, small() * 1.6];
    return [this.x[place], this.y[place]];
  }

  paint() {
    if (!this.x) return;
    const ctx = this.base.getContext("2d");
    const { x, y, states } = this;
    const { size } = this.sample;
    ctx.clearRect(0, 0, this.width, this.height);
    ctx.drawImage(this.ground, 0, 0, this.width, this.height);
    const dot = this.dot;
    const reach = (j) => dot * (1 + 0.4 * size[j]);
    ctx.fillStyle = COLOURS[UNEXPOSED];
    for (let j = 0; j < states.length; j += 1) {
      if (states[j] === UNEXPOSED) {
        const r = reach(j) * 0.85;
        ctx.fillRect(x[j] - r, y[j] - r, 2 * r, 2 * r);
      }
    }
    ctx.strokeStyle = COLOURS[SAW];
    ctx.lineWidth = Math.max(0.7, 0.9 * dot);
    ctx.beginPath();
    for (let j = 0; j < states.length; j += 1) {
      if (states[j] === SAW) {
        const r = reach(j) * 1.8;
        ctx.moveTo(x[j] + r, y[j]);
        ctx.arc(x[j], y[j], r, 0, 7);
      }
    }
    ctx.stroke();
    ctx.fillStyle = COLOURS[CAMPAIGN];
    ctx.beginPath();
    for (let j = 0; j < states.length; j += 1) {
      if (states[j] === CAMPAIGN) {
        const r = reach(j) * 2.6 + 0.5;
        ctx.moveTo(x[j] + r, y[j]);
        ctx.arc(x[j], y[j], r, 0, 7);
      }
    }
    ctx.fill();
    ctx.fillStyle = COLOURS[COUNTER];
    for (let j = 0; j < states.length; j += 1) {
      if (states[j] === COUNTER) {
        const r = reach(j) * 2.4 + 0.5;
        ctx.fillRect(x[j] - r, y[j] - r, 2 * r, 2 * r);
      }
    }
    this.paintMasts(ctx);
    if (this.picked !== null && this.picked < x.length) {
      ctx.strokeStyle = INK;
      ctx.lineWidth = 2;
      ctx.beginPath();
      ctx.arc(x[this.picked], y[this.picked], 9, 0, 7);
      ctx.stroke();
    }
  }

  /** Return a canvas with what no state changes. */
  paintGround() {
    const ground = el("canvas", { width: this.base.width, height: this.base.height });
    const ctx = ground.getContext("2d");
    const { x, y } = this;
    const { edges } = this.sample;
    ctx.scale(this.scale, this.scale);
    ctx.fillStyle = "#f5f6f8";
    for (const disc of this.discs) {
      ctx.beginPath();
      ctx.arc(disc.x, disc.y, disc.r, 0, 7);
      ctx.fill();
    }
    ctx.strokeStyle = LINE;
    ctx.globalAlpha = 0.45;
    ctx.lineWidth = 0.5;
    ctx.beginPath();
    for (let j = 0; j < edges.length; j += 2) {
      const from = [x[edges[j]], y[edges[j]]];
      const to = [x[edges[j + 1]], y[edges[j + 1]]];
      ctx.moveTo(...from);
      ctx.quadraticCurveTo(...bent(from, to), ...to);
    }
    ctx.stroke();
    ctx.globalAlpha = 1;
    this.paintLabels(ctx);
    return ground;
  }

  paintLabels(ctx) {
    const type = small();
    ctx.lineWidth = 4;
    ctx.strokeStyle = "#fff";
    ctx.lineJoin = "round";
    const write = (text, x, y) => {
      ctx.strokeText(text, x, y);
      ctx.fillText(text, x, y);
    };
    for (const disc of this.discs) {
      ctx.textAlign = "center";
      ctx.font = `${type}px system-ui, "DejaVu Sans", sans-serif`;
      ctx.fillStyle = "#59616a";
      write(disc.cohort || `${disc.shown} added`, disc.x, disc.top);
      if (disc.title) {
        ctx.textAlign = "left";
        ctx.font = `600 ${type}px system-ui, "DejaVu Sans", sans-serif`;
        ctx.fillStyle = INK;
        write(disc.title.text === "other" ? "everybody else" : disc.title.text, disc.title.x, disc.title.y + 14);
      }
    }
  }

  paintMasts(ctx) {
    ctx.font = `600 ${small()}px system-ui, "DejaVu Sans", sans-serif`;
    for (const [place, text, side] of [[-1, "sender", -1], [-2, "newsrooms", 1]]) {
      const [x, y] = this.source(place);
      ctx.fillStyle = INK;
      ctx.beginPath();
      ctx.moveTo(x, y - 7);
      ctx.lineTo(x + 7, y);
      ctx.lineTo(x, y + 7);
      ctx.lineTo(x - 7, y);
      ctx.fill();
      ctx.textAlign = side < 0 ? "right" : "left";
      ctx.fillText(text, x + side * 12, y + 4);
    }
    ctx.textAlign = "center";
  }

  travel() {
    const now = performance.now();
    if (now - this.travelled < STEP_MS) {
      this.turn = requestAnimationFrame(() => this.travel());
      return;
    }
    this.travelled = now;
    const ctx = this.top.getContext("2d");
    ctx.clearRect(0, 0, this.width, this.height);
    this.pulses = this.pulses.filter((pulse) => now - pulse.since < PULSE_MS);
    for (const frame of [0, 1]) {
      ctx.strokeStyle = COLOURS[CAMPAIGN + frame];
      ctx.fillStyle = COLOURS[CAMPAIGN + frame];
      ctx.lineWidth = 1;
      for (const pulse of this.pulses) {
        const part = (now - pulse.since) / PULSE_MS;
        if (pulse.frame !== frame || part < 0) continue;
        const from = this.source(pulse.from);
        const to = this.source(pulse.to);
        const bend = bent(from, to);
        const head = Math.min(1, part * 1.6);
        // the part of the bent line that is behind it is bent too
        const bend1 = [0, 1].map((k) => from[k] + (bend[k] - from[k]) * head);
        const [x1, y1] = [0, 1].map((k) => bend1[k] + (bend[k] + (to[k] - bend[k]) * head - bend1[k]) * head);
        ctx.globalAlpha = 0.55 * (1 - part);
        ctx.beginPath();
        ctx.moveTo(...from);
        ctx.quadraticCurveTo(...bend1, x1, y1);
        ctx.stroke();
        ctx.globalAlpha = 1 - part;
        if (frame) ctx.fillRect(x1 - 2.2, y1 - 2.2, 4.4, 4.4);
        else {
          ctx.beginPath();
          ctx.arc(x1, y1, 2.4, 0, 7);
          ctx.fill();
        }
      }
    }
    ctx.globalAlpha = 1;
    this.turn = this.pulses.length ? requestAnimationFrame(() => this.travel()) : 0;
    if (!this.turn) ctx.clearRect(0, 0, this.width, this.height);
  }
}
