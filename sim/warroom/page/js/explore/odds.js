// The upper half of Explore: what to start from, what to do, the settings, and the odds as they stream in.

import { chart } from "../chart.js";
import { button, el, field, fill, say, tip } from "../dom.js";
import { mountPhase } from "./phase.js";
import { mountSettings } from "./settings.js";
import { mountBeside, mountVerdict } from "./verdict.js";

const PACE = 110;

function starts({ cases, own }) {
  const options = cases.map((one) => el("option", { value: one.start, disabled: Boolean(one.held_back) },
    `${one.title} (${one.sender}, ${one.date.slice(0, 4)})${one.held_back ? `: ${one.held_back}` : ""}`));
  return el("select", { id: "start" },
    el("optgroup", { label: "A documented case" }, options),
    el("optgroup", { label: "A post of your own" }, own.map((one) => el("option", { value: one.start }, one.title))));
}

function doings(does) {
  const option = ({ does: name, title }) => el("option", { value: name }, title);
  const first = does.filter(({ does: name }) => name === "do_not_post" || name === "listen_first");
  return el("select", { id: "does" },
    el("optgroup", { label: "Before the post" }, first.map(option)),
    el("optgroup", { label: "Once it is out" }, does.filter((one) => !first.includes(one)).map(option)));
}

function commandLine() {
  const code = el("code", { class: "command", tabindex: 0, "aria-label": "Command line" });
  const said = el("span", { class: "hint", role: "status" });
  const copy = button("Copy", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      say(said, "Copied.");
    } catch {
      getSelection().selectAllChildren(code);
      say(said, "Marked: copy it with Ctrl+C.");
    }
    setTimeout(() => say(said, ""), 4000);
  });
  const node = el("section", { class: "card", "aria-labelledby": "command-title" },
    el("h2", { id: "command-title" }, "The same on the command line"),
    el("div", { class: "command-row" }, code, copy), said,
    el("p", { class: "hint" }, "It makes the same runs, writes their report, and adds what is not known of the inputs."));
  return { node, show: (text) => { say(code, text); node.hidden = !text; } };
}

function course(root) {
  let span = 24;
  let hours = 72;
  let columns = null;
  const plot = chart(root, {
    title: "Messages an hour over time",
    x: { label: "Time since the post", unit: "hours", range: () => [0, Math.min(span, hours)] },
    y: { label: "Messages", unit: "an hour", values: (value) => (value >= 1000 ? `${value / 1000}k` : value) },
    series: [
      { name: "", look: "campaign", edge: true }, { name: "", look: "campaign", edge: true }, { name: "campaign", look: "campaign" },
      { name: "", look: "counter", edge: true }, { name: "", look: "counter", edge: true }, { name: "counter", look: "counter" },
    ],
    bands: [[1, 2], [4, 5]],
    height: 240,
  });
  const spans = [[6, "First 6 hours"], [24, "First day"], [Infinity, "All"]].map(([value, label]) => button(label, () => {
    span = value;
    spans.forEach((one, place) => one.setAttribute("aria-pressed", String([6, 24, Infinity][place] === value)));
    if (columns) plot.set(columns);
  }, { class: "small-button", "aria-pressed": String(value === span) }));
  plot.node.append(el("div", { class: "row chart-foot" },
    el("span", { class: "hint" }, "Each minute’s middle run, and the band of 8 in 10 runs."), el("span", { class: "row" }, spans)));
  return {
    show(body, long) {
      hours = long || hours;
      columns = [body.hours, body.campaign.lo, body.campaign.hi, body.campaign.mid, body.counter.lo, body.counter.hi, body.counter.mid];
      plot.set(columns);
    },
    say: (text) => plot.say(text),
    remove: () => plot.remove(),
  };
}

/** Mount it; returns {begin(offer), remove()}. `begin` is called once the server has said what there is. */
export function mountOdds(root, connection, chosen) {
  let current = 0;
  let axes = ["post.openness", "people.grievance_mean"];
  let settings = null;
  let labels = new Map();
  let timer = null;
  let sent = 0;
  let asked = 0; // choices made here, and how many of them the server has answered
  let answered = 0;
  const left = [];

  const panel = el("div", { class: "settings-panel" });
  const chartCard = el("section", { class: "card empty", "aria-label": "Course over time" });
  const right = el("div", { class: "results" });
  const limits = el("p", { class: "limits" });
  const problem = el("p", { class: "warn", role: "alert", hidden: true });
  const head = el("section", { class: "card chooser", "aria-label": "What you explore" }, el("p", { class: "hint" }, "Connecting ..."));
  fill(root, head, problem);
  const verdict = mountVerdict(root, right);
  root.append(el("div", { class: "explore-grid" }, panel, right));
  right.append(chartCard);
  const plot = course(chartCard);
  const beside = mountBeside(right);
  const phase = mountPhase(right, (next) => { axes = next; choose(); }, (values) => {
    for (const [name, value] of Object.entries(values)) {
      settings.put(name, value);
      moved(name, value);
    }
    choose();
  });
  const command = commandLine();
  right.append(command.node, limits);

  function moved(name, value) {
    chosen.set({ values: { ...chosen.get().values, [name]: value }, settled: false });
  }

  /** Send what is chosen, at most some times a second; the newest wins. */
  function choose() {
    asked += 1;
    verdict.waiting();
    const wait = Math.max(0, sent + PACE - performance.now());
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  }

  async function send() {
    sent = performance.now();
    verdict.fresh();
    const number = asked;
    try {
      const answer = await connection.send("choose", { chosen: chosen.word(), axes });
      if (answer.n < current) return;
      current = answer.n;
      answered = number;
      problem.hidden = true;
      settings.show(answer.values);
      settings.idle(answer.idle);
      command.show(answer.command);
      if (!answer.posted) {
        verdict.notPosted(answer.said);
        beside.hide();
        phase.hide();
        chartCard.hidden = true;
      } else {
        chartCard.hidden = false;
      }
      chosen.set({ command: answer.command, posted: answer.posted, rows: answer.rows, hours: answer.hours, settled: true });
    } catch (sorry) {
      answered = number;
      say(problem, sorry.message);
      problem.hidden = false;
    }
  }

  async function begin(start, does) {
    try {
      const told = await connection.send("begin", { start });
      labels = new Map(told.sliders.map((setting) => [setting.name, setting.label]));
      settings?.remove();
      settings = mountSettings(panel, told.sliders, offer.groups, (setting, value) => { moved(setting.name, value); choose(); });
      axes = axes.every((name) => told.axes.includes(name)) ? axes : told.axes.slice(0, 2);
      phase.choices(told.axes, labels, axes);
      fill(summary, told.summary && el("p", {}, told.summary),
        told.outcome && el("p", {}, "Documented end: ", tip({ viral_positive: "viral positively" }[told.outcome] || told.outcome), told.basis ? `. ${told.basis}` : "."));
      chosen.set({ start, does: does || chosen.get().does, values: {}, title: told.title, settled: false });
      choose();
    } catch (sorry) {
      say(problem, sorry.message);
      problem.hidden = false;
    }
  }

  let offer = null;
  const summary = el("div", { class: "case-told small" });
  const mine = (listener) => (body) => { if (body.state === current) listener(body); };
  left.push(
    connection.on("odds", mine((body) => { verdict.show(body, asked !== answered); plot.say(body.volumes?.[0] || ""); })),
    connection.on("timeline", mine((body) => {
      chartCard.classList.remove("empty");
      plot.show(body, chosen.get().hours);
    })),
    connection.on("phase", mine((body) => phase.show(body))),
    connection.on("beside", mine((body) => beside.show(body.rows))),
    connection.on("building", mine((body) => verdict.building(body.say))),
    connection.on("again", () => choose()),
  );

  return {
    begin(told) {
      offer = told;
      const start = starts(offer);
      const does = doings(offer.does);
      const what = el("p", { class: "hint" });
      const tell = () => say(what, offer.does.find((one) => one.does === does.value)?.what || "");
      start.value = offer.first;
      does.value = "silent";
      start.addEventListener("change", () => begin(start.value));
      does.addEventListener("change", () => { tell(); chosen.set({ does: does.value, settled: false }); choose(); });
      tell();
      fill(head, el("div", { class: "choosers" }, field("Start from", start), el("div", {}, field("What you do", does), what)), summary);
      say(limits, offer.limits);
      begin(offer.first, "silent");
    },
    remove() {
      clearTimeout(timer);
      left.forEach((stop) => stop());
      plot.remove();
      phase.remove();
    },
  };
}
