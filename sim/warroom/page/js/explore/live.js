// The campaign minute by minute: play, pause, step, scrub, look into it, and branch it (the lower half of Explore).
//
// The server tells what is new, twenty times a second at most; what was lived is kept here. When the line breaks, the
// campaign is made again and lived again with what was done by hand: the same words give the same run.

import { button, el, field, fill, say } from "../dom.js";
import { Bands, binWidth, binned } from "./live_charts.js";
import { Account } from "./live_feed.js";
import { isMeant } from "./live_keys.js";
import { Panel, legend } from "./live_panel.js";
import { RunHistory } from "./live_run.js";
import { WhatIf } from "./live_branch.js";
import { SPEEDS, clock, number, percent, since } from "./live_words.js";

const ALOUD_MS = 8000;
const CHARTS_MS = 400;
const CALM_MS = 500;

export function mountLive(root, connection, chosen) {
  const live = new Live(root, connection, chosen);
  return { begin: (offer) => live.begin(offer), remove: () => live.remove() };
}

class Live {
  constructor(root, connection, chosen) {
    this.connection = connection;
    this.chosen = chosen;
    this.ends = [
      connection.on("live_open", (body) => this.opened(body)),
      connection.on("live_closed", ({ say: text }) => this.closed(text)),
      connection.on("live_frame", (body) => this.frame(body)),
      connection.on("live_aside", (body) => this.aside(body)),
      connection.on("again", () => this.again()),
      chosen.hear(() => this.changed()),
    ];
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.root = root;
    this.runs = {};
    this.panels = {};
    this.script = [];
    this.lastAloud = this.lastCharts = this.lastPaint = 0;
  }

  remove() {
    this.ends.forEach((end) => end());
    document.removeEventListener("keydown", this.onKey);
    clearTimeout(this.later);
    this.dropPanels();
  }

  /** Show the door to the campaign, once the server has said what it offers. */
  begin(offer) {
    this.offer = offer;
    this.luck = el("input", { type: "number", min: 0, max: 999999, step: 1, value: 0, inputmode: "numeric" });
    this.dots = el("select", {}, [2000, 3000, 5000].map((count) => el("option", { value: count, selected: count === 3000 }, number(count))));
    this.start = button("Play this campaign", () => this.ask(), { class: "primary" });
    this.state = el("p", { role: "status", class: "hint" });
    this.stale = el("p", { class: "warn", hidden: true }, "The choice above has changed since this campaign began. ",
      button("Begin again with it", () => this.ask(), { class: "quiet" }));
    this.body = el("div", { class: "live-body", hidden: true });
    fill(this.root,
      el("section", { class: "live", "aria-labelledby": "live-title" },
        el("div", { class: "card live-door" },
          el("h2", { id: "live-title" }, "The campaign, minute by minute"),
          el("p", {}, "One run of what is chosen above, as it unfolds: who sees it, who takes part, what a feed shows. One run is one luck, not the odds."),
          el("div", { class: "live-begin" }, field("Luck number", this.luck, "Another number, another course of the same campaign."), field("People shown", this.dots), this.start),
          this.state, this.stale),
        this.body));
    this.section = this.root.firstElementChild;
  }

  // opening

  async ask() {
    if (this.start.disabled) return;
    this.script = [];
    this.opening = { chosen: this.chosen.word(), replicate: Number(this.luck.value) || 0, nodes: Number(this.dots.value) };
    await this.open();
  }

  async open() {
    this.start.disabled = true;
    this.stale.hidden = true;
    say(this.state, "Making the campaign ...");
    try {
      const { rows, waits } = await this.connection.send("live_open", this.opening);
      if (waits) say(this.state, `Making ${number(rows)} people and who follows whom; a large audience takes up to a minute the first time.`);
    } catch (problem) {
      this.closed(problem.message);
    }
  }

  closed(text) {
    this.start.disabled = false;
    this.script = [];
    say(this.state, text);
  }

  opened(body) {
    this.start.disabled = false;
    say(this.start, "Begin again");
    say(this.state, "");
    this.said = body;
    this.view = null;
    this.wanted = 0;
    this.minute = 0;
    this.playing = false;
    this.account = null;
    this.branch = null;
    this.runs = { a: new RunHistory(body.nodes ? body.nodes.disc.length : 0, body.cohorts.length) };
    this.dropPanels();
    this.build(body);
    this.settleBranch(null);
    if (this.script.length) this.liveAgain();
  }

  /** After the line broke: make the campaign again, and do again what was done. */
  again() {
    if (this.opening && this.said) {
      this.luckBefore = this.minute;
      say(this.state, "The connection was lost; the campaign is lived again up to where it was.");
      this.script.push({ minute: this.minute, type: null });
      this.open();
    }
  }

  async liveAgain() {
    const script = this.script;
    this.script = [];
    try {
      for (const { minute, type, body } of script) {
        if (minute > this.minute) await this.connection.send("live_to", { minute });
        if (type) await this.do(type, body);
      }
    } catch (problem) {
      say(this.state, problem.message);
    }
  }

  changed() {
    if (!this.stale || !this.opening) return;
    const now = JSON.stringify(this.chosen.word());
    this.stale.hidden = !this.said || now === JSON.stringify(this.opening.chosen);
  }

  // what is on the page

  build(body) {
    this.playButton = button("Play", () => this.toggle(), { class: "primary live-play" });
    this.stepButton = button("One minute", () => this.step(1));
    this.endButton = button("To the end", () => this.to(body.horizon));
    this.speed = el("select", { on: { change: () => this.playing && this.play() } }, SPEEDS.map(([speed, text]) => el("option", { value: speed, selected: speed === 20 }, text)));
    this.scrubber = el("input", { type: "range", min: 0, max: 0, step: 1, value: 0, "aria-label": "Minute looked at", on: { input: () => this.look(Number(this.scrubber.value)) } });
    this.nowButton = button("Back to now", () => this.look(null), { class: "quiet", hidden: true });
    this.clock = el("span", { class: "live-clock number" });
    this.aloud = el("p", { class: "seen-by-readers", "aria-live": "polite" });
    this.pair = el("p", { class: "note", hidden: true, role: "status" });
    this.whatIf = new WhatIf({
      offer: this.offer,
      onBranch: (what) => this.do("live_branch", { minute: this.at(), ...what }),
      onNow: (type, what) => this.do(type, what),
      onSingle: () => this.do("live_single", {}),
    });
    if (body.real) this.whatIf.realGraph();
    this.bandsShown = new Bands(body.cohorts);
    this.cohort = el("select", { on: { change: () => this.lookInto(null) } }, body.cohorts.map((cohort) => el("option", { value: cohort, selected: cohort === "18-24" }, cohort)));
    this.accountRow = el("input", { type: "number", min: 0, step: 1, inputmode: "numeric", on: { change: () => this.accountRow.value !== "" && this.lookInto(Number(this.accountRow.value)) } });
    this.accountCard = new Account({ onDrop: () => this.whatIf.try(() => this.do("live_branch", { minute: this.at(), dropped: this.account })), onLeave: () => this.lookInto(null) });
    this.places = { crowds: el("div", { class: "live-runs" }), lines: el("div", { class: "live-lines" }), timelines: el("div", { class: "live-runs" }), feeds: el("div", { class: "live-runs" }) };
    fill(this.body,
      el("div", { class: "card live-bar", role: "group", "aria-label": "Playing" },
        el("div", { class: "live-controls" }, el("div", { class: "live-buttons" }, this.playButton, this.stepButton, this.endButton), el("div", { class: "live-speed" }, field("Speed", this.speed)), this.nowButton, this.clock),
        this.scrubber,
        el("p", { class: "hint not-narrow" }, "Space plays and pauses, the right arrow goes on a minute, the left one looks back. The scrubber looks at what was lived; a branch parts where you look.")),
      this.pair,
      el("section", { class: "card", "aria-labelledby": "crowd-title" },
        el("h2", { id: "crowd-title" }, "The crowd"),
        body.real ? el("p", { class: "note" }, body.real) : [legend(), this.places.crowds, this.places.lines, el("p", { class: "hint" }, body.nodes.said, " Lines show a message on its way to a shown person, from a shown person, the sender or a newsroom; what came by the trending list, or from people not shown, has none. Click a dot to see who it is.")],
        body.real ? this.places.lines : null, this.aloud),
      el("section", { class: "card", "aria-labelledby": "time-title" }, el("h2", { id: "time-title" }, "The timeline"), this.places.timelines),
      this.whatIf.node,
      el("div", { class: "live-two" },
        body.real ? null : el("section", { class: "card", "aria-labelledby": "feed-title" },
          el("h2", { id: "feed-title" }, "The feed"),
          el("div", { class: "live-pair" }, field("As people of this age saw it", this.cohort), field("Or one simulated account, by number", this.accountRow)),
          this.accountCard.node, this.places.feeds,
          el("p", { class: "hint" }, "All words are made up and stand for what a message does; no real person wrote them. The feed shows the present minute.")),
        el("section", { class: "card", "aria-labelledby": "bands-title" }, el("h2", { id: "bands-title" }, "The age bands"), this.bandsShown.node)));
    this.body.hidden = false;
    this.addPanel("a", body.nodes);
  }

  addPanel(name, nodes) {
    const labels = Object.fromEntries(this.offer.moves.map(({ move, label }) => [move, label]));
    this.panels[name] = new Panel(name === "a" ? "A" : "B", nodes, labels, this.places, (row) => this.lookInto(row));
    this.pairUp();
  }

  dropPanel(name) {
    if (!this.panels[name]) return;
    this.panels[name].remove();
    delete this.panels[name];
    this.pairUp();
  }

  /** Name the runs where there are two. */
  pairUp() {
    const both = Boolean(this.panels.a && this.panels.b);
    for (const panel of Object.values(this.panels)) panel.named(both);
    this.body.classList.toggle("both", both);
  }

  dropPanels() {
    for (const name of Object.keys(this.panels)) this.dropPanel(name);
  }

  // what the server tells

  frame({ m, on, a, b }) {
    if (!this.said) return;
    this.minute = m;
    this.playing = on;
    this.runs.a.add(a);
    if (b) this.taken("b").add(b);
    this.passed = { a: a.passed, b: b && b.passed };
    if (!this.calm.matches) this.paint();
    else if (performance.now() - this.lastPaint > CALM_MS || !on) this.paint();
    this.soon();
  }

  aside({ a, b, difference }) {
    if (!this.said) return;
    this.runs.a.addAside(a);
    if (b) this.taken("b").addAside(b);
    this.pair.hidden = !difference;
    if (difference) say(this.pair, difference);
    for (const [name, panel] of Object.entries(this.panels)) if (panel.feed && this.runs[name]) panel.feed.show(this.runs[name].feed);
    this.accountCard.show(this.account === null ? null : this.runs.a.account);
    this.charts(true);
  }

  /** Return the history of B, which may be told of before its branch was answered. */
  taken(name) {
    if (!this.runs[name]) this.runs[name] = new RunHistory(this.said.nodes ? this.said.nodes.disc.length + 400 : 0, this.said.cohorts.length);
    return this.runs[name];
  }

  settleBranch(branch) {
    this.branch = branch;
    this.dropPanel("b");
    if (branch) this.addPanel("b", branch.nodes || this.said.nodes);
    else {
      delete this.runs.b;
      this.pair.hidden = true;
    }
    this.whatIf.tell(branch);
    this.charts(true);
    this.paint();
  }

  // what is shown

  /** The minute that the page looks at. */
  at() {
    return this.view === null ? this.minute : this.view;
  }

  paint() {
    this.lastPaint = performance.now();
    const at = this.at();
    for (const [name, panel] of Object.entries(this.panels)) {
      const run = this.runs[name];
      if (!run) continue;
      const states = run.statesAt(at).subarray(0, panel.nodes ? panel.nodes.disc.length : 0);
      if (panel.canvas) panel.canvas.show(states, this.view === null && this.playing && this.passed ? this.passed[name] || [] : []);
      const counts = RunHistory.counts(states);
      const { all, share, reached, isTrending } = run.totals(at);
      const shown = panel.canvas ? ` Of the ${number(states.length)} shown: ${number(counts[0])} not reached, ${number(counts[1])} saw it, ${number(counts[2])} campaign, ${number(counts[3])} counter.` : "";
      const text = `${this.panels.b ? `${panel.name}: ` : ""}${number(reached)} of ${number(this.said.rows)} reached, ${number(all)} messages, ${percent(share)} counter${isTrending ? ", trending" : ""}.${shown}`;
      say(panel.line, text);
      if (panel.canvas) panel.canvas.base.setAttribute("aria-label", `Network of run ${panel.name} after ${since(at)}. ${text}`);
    }
    say(this.clock, `${clock(at, this.said.hour)} · minute ${number(at)}`);
    say(this.playButton, this.playing ? "Pause" : "Play");
    this.scrubber.max = String(this.minute);
    this.scrubber.value = String(at);
    this.scrubber.setAttribute("aria-valuetext", `${since(at)} after the post`);
    this.nowButton.hidden = this.view === null;
    const over = this.minute >= this.said.horizon;
    this.playButton.disabled = this.stepButton.disabled = this.endButton.disabled = over && this.view === null;
    this.whatIf.at(at);
    const now = performance.now();
    if (!this.playing || now - this.lastAloud > ALOUD_MS) {
      this.lastAloud = now;
      say(this.aloud, `After ${since(at)}: ${Object.values(this.panels).map((panel) => panel.line.textContent).join(" ")}`);
    }
  }

  /** Draw the charts now or soon: they cost more than the crowd. */
  charts(now) {
    if (!this.said || !this.panels.a) return;
    clearTimeout(this.later);
    this.later = 0;
    if (!now) return;
    this.lastCharts = performance.now();
    const runs = Object.entries(this.panels).filter(([name]) => this.runs[name]);
    const until = Math.max(1, Math.min(this.said.horizon / 60, (this.minute * 1.08) / 60));
    const width = binWidth(this.minute);
    const columns = Object.fromEntries(runs.map(([name]) => [name, binned(this.runs[name], width)]));
    const top = 1.08 * Math.max(4, ...Object.values(columns).flatMap(([, campaign, counter]) => [...campaign, ...counter]));
    for (const [name, panel] of runs) panel.timeline.show(this.runs[name], { top, until, minute: this.at(), columns: columns[name] });
    this.bandsShown.show(runs.map(([name]) => this.runs[name]), this.at(), this.view === null);
  }

  soon() {
    if (this.later) return;
    const wait = Math.max(0, CHARTS_MS - (performance.now() - this.lastCharts));
    this.later = setTimeout(() => this.charts(true), wait);
  }

  // what the visitor does

  async do(type, body) {
    const at = this.minute;
    if (type === "live_branch") delete this.runs.b;
    const answer = await this.connection.send(type, body);
    this.script.push({ minute: at, type, body });
    if (this.script.length > 60) this.script.shift();
    if (type === "live_branch") this.settleBranch({ minute: answer.minute, by: answer.by, nodes: answer.nodes });
    if (type === "live_single") this.settleBranch(null);
  }

  async quietly(type, body = {}) {
    try {
      await this.connection.send(type, body);
    } catch (problem) {
      say(this.state, problem.message);
    }
  }

  play() {
    this.look(null);
    this.wanted = 0;
    return this.quietly("live_play", { speed: Number(this.speed.value) });
  }

  toggle() {
    return this.playing ? this.quietly("live_pause") : this.play();
  }

  step(minutes) {
    if (this.view !== null) {
      this.look(this.view + minutes < this.minute ? this.view + minutes : null);
      return;
    }
    // presses in quick succession add up, though the server has not answered the first
    this.wanted = Math.min(Math.max(this.wanted || 0, this.minute) + minutes, this.said.horizon);
    this.to(this.wanted);
  }

  to(minute) {
    this.look(null);
    return this.quietly("live_to", { minute });
  }

  /** Look at a minute that was lived; null for the present. */
  look(minute) {
    if (!this.said) return;
    if (minute !== null && this.playing) this.quietly("live_pause");
    this.view = minute === null || minute >= this.minute ? null : Math.max(0, minute);
    this.paint();
    this.soon();
  }

  /** See the feed of one simulated account; null for the age band's. */
  async lookInto(row) {
    this.account = row;
    this.accountRow.value = row === null ? "" : String(row);
    for (const { canvas, nodes } of Object.values(this.panels)) {
      if (!canvas) continue;
      const place = row === null ? -1 : nodes.rows.indexOf(row);
      canvas.pick(place < 0 ? null : place);
    }
    if (row !== null) this.whatIf.propose(row);
    await this.quietly("live_look", { cohort: this.cohort.value, account: row });
  }

  key(event) {
    if (!this.said || !isMeant(event, this.section, this.body, this.scrubber)) return;
    if (event.key === " ") this.toggle();
    else if (event.key === "ArrowRight") this.step(1);
    else if (event.key === "ArrowLeft") this.look(this.at() - 1);
    else return;
    event.preventDefault();
  }
}
