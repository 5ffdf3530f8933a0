// What would have happened otherwise: futures of each decision, all teams against silence, the replay, hidden facts.

import { Pictures } from "../debrief/pictures.js";
import { Replay } from "../debrief/replay.js";
import { percent, signed } from "../debrief/words.js";
import { button, el, fill, say, tip } from "../dom.js";

export const title = "Debrief";
export const styles = ["debrief.css"];

const VERDICTS = { hijacked: ["hijacked", "counter"], contested: ["contested", "contested"], viral_positive: ["in favour", "campaign"], fizzled: ["fizzled", ""] };

function ended(lived) {
  if (!lived) return "–";
  const [word, look] = VERDICTS[lived.verdict];
  const share = lived.hijack_share === null ? null : el("span", { class: "range" }, `${percent(lived.hijack_share)} critical`);
  return [el("span", { class: `badge ${look}` }, word), " ", share];
}

function range(told, write) {
  return el("span", { class: "range" }, `${write(told.lo)} to ${write(told.hi)}`);
}

function effect(found, name) {
  if (!found) return "–";
  const told = found[name];
  const digits = 100 * Math.max(Math.abs(told.lo), Math.abs(told.hi)) < 0.1 ? 3 : 2;
  const write = (value) => signed(100 * value, digits);
  return [told.told ? el("strong", {}, write(told.mean)) : write(told.mean), " ", range(told, write)];
}

function cell(label, ...children) {
  return el("td", { class: "number", data: { label } }, el("span", {}, children));
}

function comparison(told) {
  const heads = ["Course", "As it was lived", ["Of 100 campaigns, ", tip("hijacked")], [tip("trust", undefined, "Trust"), ", points of 100"],
    [tip("grievance", undefined, "Grievance"), ", points of 100"], "Critics answered", "Working hours", "Score"];
  const body = told.rows.map((row) => el("tr", { class: row.number && row.number === told.own ? "own" : null },
    el("th", { scope: "row" }, row.name, row.number === told.own && told.own ? " (yours)" : ""),
    cell("As it was lived", ended(row.lived)),
    cell("Hijacked", row.over ? [percent(row.over.hijacked.mean), " ", row.over.n ? range(row.over.hijacked, percent) : null] : "–"),
    cell("Trust, points", effect(row.against_silence, "trust")),
    cell("Grievance, points", effect(row.against_silence, "grievance")),
    cell("Critics answered", row.over ? row.over.replies.mean.toFixed(0) : "–"),
    cell("Working hours", row.hours === null ? "–" : row.hours.toFixed(1)),
    cell("Score", row.score && row.score.total !== null ? el("strong", {}, row.score.total.toFixed(0)) : "–")));
  return el("table", { class: "stacked" },
    el("caption", {}, "Trust and grievance: change against saying nothing, on the ", tip("same luck"), ", with 95 % intervals. Bold can be told apart from silence."),
    el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, body));
}

function scores(told) {
  const teams = told.rows.filter((row) => row.kind === "team");
  return el("table", {},
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Part"), el("th", { scope: "col" }, "At most"),
      teams.map((row) => el("th", { scope: "col" }, row.name)), el("th", { scope: "col" }, "What earns it"))),
    el("tbody", {}, told.weights.map((part) => el("tr", {},
      el("th", { scope: "row" }, part.title), el("td", {}, part.weight),
      teams.map((row) => {
        const points = row.score && row.score.points[part.name];
        return el("td", {}, points === null || points === undefined ? "–" : points.toFixed(0));
      }),
      el("td", { class: "small" }, part.why)))));
}

function distances(told) {
  const teams = told.rows.filter((row) => row.brier);
  if (!teams.length) return null;
  return el("table", {},
    el("caption", {}, "Mean squared distance of the stated chance (Brier score): 0 is best; always saying 50 % gives 0.25 against what turns out certain."),
    el("thead", {}, el("tr", {}, ["Team", "To the futures", "To the end that was lived"].map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, teams.map((row) => el("tr", { class: row.number === told.own ? "own" : null }, el("th", { scope: "row" }, row.name),
      el("td", {}, row.brier.futures.toFixed(2)), el("td", {}, row.brier.lived.toFixed(2))))));
}

function decision(team, each, number, drawn, pictures) {
  const key = `${team.number}/${each.id}`;
  const picture = pictures.get(`strip ${key}`);
  picture.show(drawn.strips[key] || "", each.luck || "Futures of this decision, by how they end");
  let how = ".";
  if (each.late) how = " (submitted too late).";
  else if (each.picked === null) how = " (nothing was submitted).";
  else if (each.picked !== each.move) how = ` (you had picked: ${each.picked_words}).`;
  return el("article", { class: "decision" },
    el("h3", {}, `${number}. ${each.when}: ${each.question}`),
    el("div", { class: "asked" },
      el("p", {}, "Played: ", el("strong", {}, each.words), how,
        each.confidence === null ? null : [" Stated ", tip("confidence", undefined, "chance of not ending hijacked"), `: ${each.confidence} %.`]),
      each.sentence ? el("p", { class: "said" }, each.sentence) : null,
      each.argument ? el("p", { class: "said small" }, each.argument) : null),
    el("figure", {}, picture.node),
    el("div", { class: "verdicts" },
      each.luck ? el("p", {}, el("strong", {}, "Luck: "), each.luck) : el("p", { class: "hint" }, "Its futures are being run."),
      el("p", {}, el("strong", {}, "Judgement: "), each.judgement)));
}

function detail(told, team, drawn, pictures) {
  const brier = team.brier
    ? el("p", { class: "small" }, "Distance of the stated confidence (Brier score; 0 is best): ",
      `${team.brier.futures.toFixed(2)} to the futures, ${team.brier.lived.toFixed(2)} to the end that was lived.`)
    : null;
  return [
    el("p", { class: "row" }, ended(team.lived)),
    team.tipped ? el("p", {}, team.tipped) : null,
    team.mattered ? el("p", { class: "note" }, team.mattered) : null,
    brier,
    team.decisions.map((each, index) => decision(team, each, index + 1, drawn, pictures)),
  ];
}

function save(connection, what, note) {
  say(note, "Writing it down ...");
  return connection.send("export", { what }).then(({ name, text }) => {
    const type = what === "page" ? "text/html" : "text/csv";
    const address = URL.createObjectURL(new Blob([what === "table" ? "\uFEFF" : "", text], { type: `${type};charset=utf-8` }));
    const link = el("a", { href: address, download: name, hidden: true }, name);
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
    say(note, `Saved as ${name}.`);
  }, (problem) => say(note, problem.message));
}

/** The debrief itself: built once, brought up to date whenever more futures are known. */
class Debrief {
  constructor(root, connection, parts, leads) {
    this.pictures = new Pictures();
    this.replay = new Replay(this.pictures);
    this.shown = null;
    this.heading = el("h1", {}, "Debrief");
    this.lead = el("p", { class: "lead" });
    this.facts = el("p", { class: "small" });
    this.bar = el("progress", { max: 1, value: 0, "aria-label": "Futures run so far" });
    this.progress = el("p", { class: "hint" });
    this.hold = el("p", { class: "warn", hidden: true });
    this.assumed = el("p", { class: "note" });
    this.note = el("span", { class: "hint", role: "status" });
    this.rows = el("div", { class: "scroll" });
    this.best = el("p", { class: "small" });
    this.against = el("div", { class: "three" });
    this.scores = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Parts of the score" });
    this.picks = el("div", { class: "picks", role: "group", "aria-label": "Which team" });
    this.team = el("div", {});
    this.calibration = this.pictures.get("calibration");
    this.distances = el("div", {});
    this.hidden = el("div", { class: "facts" });
    this.wash = el("ol", { class: "wash" });
    const room = `#room/${parts.map(encodeURIComponent).join("/")}`;
    fill(this.hold, "The teams do not see this yet. Reveal it from the ", el("a", { href: room }, "room"), " when you are ready.");
    const sections = [
      ["All teams", [this.rows, this.best, this.against, el("details", {}, el("summary", {}, "How the score is made"), this.scores,
        el("p", { class: "small" }, "Weights are a convention; a part that cannot be judged is left out. How many critics there were earns nothing by itself: critical messages are speech."))]],
      ["Decisions", [this.picks, this.team]],
      ["Replay", this.replay.node],
      ["Confidence", [el("p", {}, "What was stated against what the futures hold (", tip("calibration"), "). On the dashed line the stated chance was right; the number is the team's."),
        el("div", { class: "beside" }, el("figure", {}, this.calibration.node), this.distances)]],
      ["What nobody knew", [this.hidden]],
      ["Hot wash", [this.wash]],
    ];
    const own = sections.splice(1, 1);
    sections.splice(leads ? 1 : 0, 0, ...own);
    this.sections = sections.map(([name, content]) => [name, el("section", { class: "card", "aria-label": name }, el("h2", {}, name), content)]);
    fill(root, el("div", { class: "debrief" },
      el("div", { class: "debrief-head" }, this.heading, this.lead, this.facts, this.hold,
        el("div", {}, this.progress, this.bar),
        this.assumed,
        el("div", { class: "row" }, button("Save as a page", () => save(connection, "page", this.note)), button("Save as a table", () => save(connection, "table", this.note)), this.note)),
      el("nav", { class: "debrief-jump", "aria-label": "Parts of the debrief" },
        this.sections.map(([name, node]) => button(name, () => { node.scrollIntoView(); node.focus({ preventScroll: true }); }, { class: "quiet" }))),
      this.sections.map(([, node]) => { node.setAttribute("tabindex", "-1"); return node; })));
  }

  update({ told, drawn, revealed, leads }) {
    this.told = told;
    this.drawn = drawn;
    say(this.heading, `Debrief: ${told.title}`);
    say(this.lead, told.summary);
    say(this.facts, `${told.followers.toLocaleString("en")} simulated people, the same crowd and the same luck for all teams. ${told.hours} hours, the first ${told.played_hours} of them played.`);
    this.hold.hidden = revealed || !leads;
    const { done, of } = told.progress;
    this.bar.value = of ? done / of : 0;
    this.bar.hidden = done >= of;
    say(this.progress, done >= of
      ? `All ${of.toLocaleString("en")} other campaigns have been run: ${told.futures} futures of every decision.`
      : `${done.toLocaleString("en")} of ${of.toLocaleString("en")} other campaigns run; numbers sharpen while the rest come in.`);
    say(this.assumed, told.assumed + (told.shapes ? " This audience is small: read shapes, not odds." : ""));
    fill(this.rows, comparison(told));
    fill(this.best, told.best ? ["Best policy known: ", el("code", {}, told.best.words), ", from ", el("code", {}, told.best.study), ". ", told.best.note || ""] : null);
    this.drawAgainst();
    fill(this.scores, scores(told));
    this.drawTeams();
    this.replay.update(told, drawn);
    this.calibration.show(drawn.calibration || "", "Stated chance of not ending hijacked against the share of futures that do not");
    fill(this.distances, distances(told));
    if (!this.hidden.firstChild) {
      fill(this.hidden, told.hidden.map((fact) => el("div", {}, el("h3", {}, fact.title), el("p", {}, fact.text))));
      fill(this.wash, told.hot_wash.map((question) => el("li", {}, question)));
    }
  }

  drawAgainst() {
    for (const [name, caption] of [["hijacked", "Odds of ending hijacked"], ["trust", "Trust a week later"], ["grievance", "Grievance a week later"]]) {
      const key = `against ${name}`;
      const known = this.pictures.all.has(key);
      const picture = this.pictures.get(key);
      picture.show(this.drawn.against[name] || "", `${caption}, against silence on the same luck; the numbers stand in the table`);
      if (!known) this.against.append(el("figure", {}, el("figcaption", {}, `${caption}, against silence`), picture.node));
    }
  }

  drawTeams() {
    const own = this.told.teams.filter((team) => team.decisions);
    if (this.shown === null) this.shown = own.length ? own[0].number : null;
    if (this.picks.childElementCount !== own.length) {
      fill(this.picks, own.length > 1 ? own.map((team) => button(team.name, () => this.pick(team.number), { data: { team: team.number } })) : null);
    }
    for (const each of this.picks.children) each.setAttribute("aria-pressed", String(Number(each.dataset.team) === this.shown));
    const team = own.find((each) => each.number === this.shown);
    fill(this.team, team ? detail(this.told, team, this.drawn, this.pictures) : el("p", {}, "Nothing was decided."));
  }

  pick(number) {
    this.shown = number;
    this.drawTeams();
  }

  end() {
    this.replay.stop();
    this.pictures.end();
  }
}

const WAITING = {
  playing: ["The session is still being played", "The debrief opens when it is over."],
  waiting: ["Not yet", "Your trainer opens the debrief for all teams at once. This page then shows it by itself."],
  running: ["The futures are being run", "The first numbers come within a minute."],
};

export function mount(root, connection, [session, token]) {
  let debrief = null;
  const card = (heading, text) => fill(root, el("section", { class: "card narrow", "aria-live": "polite" }, el("h1", {}, heading), el("p", {}, text)));
  connection.on("debrief", (body) => {
    if (body.state === "open") {
      if (!debrief) debrief = new Debrief(root, connection, [session, token], body.leads);
      debrief.update(body);
    } else if (!debrief) {
      card(...WAITING[body.state]);
    }
  });
  card("Debrief", "Connecting ...");
  connection.open({ as: "debrief", session, token }).catch((problem) => card("This link does not open", problem.message));
  return () => { if (debrief) debrief.end(); };
}
