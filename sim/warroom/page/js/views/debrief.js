// What would have happened otherwise: futures of each decision, all teams against silence, the replay, hidden facts.

import { Folds } from "../debrief/folds.js";
import { Pictures } from "../debrief/pictures.js";
import { Replay } from "../debrief/replay.js";
import { percent } from "../debrief/words.js";
import { button, el, fill, say, tip } from "../dom.js";

export const title = "Debrief";
export const styles = ["debrief.css"];

const SIZES = "Messages in all: a dot is the median future, filled where the tag trends in more than half of them; a line spans nine in ten; a triangle is the one that was lived.";
const VERDICTS = { hijacked: ["hijacked", "counter"], contested: ["contested", "contested"], viral_positive: ["in favour", "campaign"], fizzled: ["fizzled", ""] };

function ended(lived) {
  if (!lived) return "–";
  const [word, look] = VERDICTS[lived.verdict];
  const share = lived.hijack_share === null ? null : el("span", { class: "range" }, `${percent(lived.hijack_share)} of ${lived.size} messages critical, ${lived.trended ? "trended" : "never trended"}`);
  return [el("span", { class: `badge ${look}` }, word), " ", share];
}

function range(told, write) {
  return el("span", { class: "range" }, `${write(told.lo)} to ${write(told.hi)}`);
}

function effect(found, name) {
  if (!found) return "–";
  const [mean, interval] = found[name].words;
  return [found[name].told ? el("strong", {}, mean) : mean, " ", el("span", { class: "range" }, interval)];
}

function cell(label, ...children) {
  return el("td", { class: "number", data: { label } }, el("span", {}, children));
}

function sized(over) {
  if (!over) return "–";
  const trends = over.n ? `${over.size[1]}; trends in ${percent(over.trended / over.n)}` : "";
  return [over.size[0], " ", trends ? el("span", { class: "range" }, trends) : null];
}

function spent(row, budget) {
  if (row.hours === null) return "–";
  const { play, after, before } = row.hours;
  return [play.toFixed(1), row.kind === "team" ? ` of ${budget}` : "",
    after >= 0.05 ? [" ", el("span", { class: "range" }, `and ${after.toFixed(1)} after the play`)] : null,
    before ? [" ", el("span", { class: "range" }, `and ${Math.round(before).toLocaleString("en")} in the months before`)] : null];
}

function comparison(told) {
  const heads = ["Course", "As it was lived", ["Campaigns that end ", tip("hijacked")], "Messages in all", [tip("trust", undefined, "Trust"), ", points of 100"],
    [tip("grievance", undefined, "Grievance"), ", points of 100"], "Critics answered", tip("working hours", undefined, "Working hours"), "Score of 100"];
  const body = told.rows.map((row) => el("tr", { class: row.number && row.number === told.own ? "own" : null },
    el("th", { scope: "row" }, row.name, row.number === told.own && told.own ? " (yours)" : ""),
    cell("As it was lived", ended(row.lived)),
    cell("Hijacked", row.over ? [percent(row.over.hijacked.mean), " ", row.over.n ? range(row.over.hijacked, percent) : null] : "–"),
    cell("Messages", sized(row.over)),
    cell("Trust, points", effect(row.against_silence, "trust")),
    cell("Grievance, points", effect(row.against_silence, "grievance")),
    cell("Critics answered", row.over ? row.over.replies.mean.toFixed(0) : "–"),
    cell("Working hours", spent(row, told.budget)),
    cell("Score", row.score && row.score.total !== null ? el("strong", {}, row.score.total.toFixed(0)) : "–")));
  return el("table", { class: "stacked" },
    el("caption", {}, "Trust and grievance: change against saying nothing, on the ", tip("same luck"), ", if moves work as assumed, with 95 % ", tip("interval", undefined, "intervals"),
      ". Bold can be ", tip("told apart"), " from silence. Ends: ", tip("hijacked"), ", ", tip("contested"), ", ", tip("viral positively", undefined, "in favour"), ", ", tip("fizzled"), "; share of ", tip("critical"), " messages. Messages in all: the median future, nine in ten futures, and in how many the tag is ", tip("trending"), ". Critics answered: mean of the futures, by the campaign's end. Working hours: as lived, until the play ended, as the room counted them; what went on afterwards (answers, one by one) stands apart and counts nowhere."),
    el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, body));
}

function scores(told) {
  const teams = told.rows.filter((row) => row.kind === "team");
  return el("table", {},
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Part"), el("th", { scope: "col" }, "At most"),
      teams.map((row) => el("th", { scope: "col" }, row.name)))),
    el("tbody", {}, told.weights.map((part) => el("tr", {},
      el("th", { scope: "row" }, part.title), el("td", {}, part.weight),
      teams.map((row) => {
        const points = row.score && row.score.points[part.name];
        return el("td", {}, points === null || points === undefined ? "–" : points.toFixed(0));
      })))));
}

function earned(told) {
  return told.weights.map((part) => [el("dt", {}, part.title), el("dd", {}, part.why)]);
}

function distances(told) {
  const teams = told.rows.filter((row) => row.off);
  if (!teams.length) return null;
  const points = (off) => `${off.toFixed(0)} points of 100`;
  return el("table", {},
    el("caption", {}, "How far off stated chances were (", tip("typical distance"), "; 0 is best)"),
    el("thead", {}, el("tr", {}, ["Team", "From the futures", "From the end that was lived"].map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, teams.map((row) => el("tr", { class: row.number === told.own ? "own" : null }, el("th", { scope: "row" }, row.name),
      el("td", {}, points(row.off.futures)), el("td", {}, points(row.off.lived))))));
}

function decision(team, each, number, drawn, pictures, folds) {
  const key = `${team.number}/${each.id}`;
  const picture = pictures.get(`strip ${key}`);
  picture.show(drawn.strips[key] || "", each.luck || "Futures of this decision, by how they end");
  const size = pictures.get(`size ${key}`);
  size.show(drawn.sizes[key] || "", each.size || "Messages in these futures");
  let how = ".";
  if (each.late) how = each.picked_words ? ` (submitted too late: ${each.picked_words}).` : " (submitted too late).";
  else if (each.picked === null) how = " (nothing was submitted).";
  else if (each.picked !== each.move) how = ` (the team had picked: ${each.picked_words}).`;
  const stated = each.confidence === null ? null
    : [" Stated ", tip("confidence", undefined, "chance of not ending hijacked"), `: ${each.confidence} %${each.late ? ", which does not count" : ""}.`];
  const content = el("article", { class: "decision", "aria-label": `Decision ${number}` },
    el("div", { class: "asked" },
      el("p", {}, "Played: ", el("strong", {}, each.words), how, stated),
      each.sentence ? el("p", { class: "said" }, each.sentence) : null,
      each.argument ? el("p", { class: "said small" }, each.argument) : null),
    el("figure", {}, picture.node, size.node),
    el("div", { class: "verdicts" },
      each.luck ? el("p", {}, el("strong", {}, tip("luck", undefined, "Luck"), ": "), each.luck) : el("p", { class: "hint" }, "Its futures are being run."),
      each.size ? el("p", {}, el("strong", {}, "Size: "), each.size) : null,
      el("p", {}, el("strong", {}, "Judgement: "), each.judgement)));
  return folds.fold(`decision ${key}`, el("h3", {}, `${number}. ${each.when}: ${each.question}`), content, { first: number === 1 });
}

function detail(team, drawn, pictures, folds) {
  const off = team.off
    ? el("p", { class: "small" }, "How well the team knew how sure to be: its stated chances lie ", `${team.off.futures.toFixed(0)} points of 100 off what the futures hold, ${team.off.lived.toFixed(0)} off the end that was lived (`, tip("typical distance"), ").")
    : null;
  return [
    el("p", { class: "row" }, ended(team.lived)),
    team.tipped ? el("p", {}, team.tipped) : null,
    team.mattered ? el("p", { class: "note" }, team.mattered) : null,
    off,
    team.decisions.map((each, index) => decision(team, each, index + 1, drawn, pictures, folds)),
  ];
}

function save(connection, what, note) {
  say(note, "Writing it down ...");
  return connection.send("export", { what }).then(({ name, text, whole }) => {
    const type = what === "page" ? "text/html" : "text/csv";
    const address = URL.createObjectURL(new Blob([what === "table" ? "\uFEFF" : "", text], { type: `${type};charset=utf-8` }));
    const link = el("a", { href: address, download: name, hidden: true }, name);
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
    say(note, whole ? `Saved as ${name}.` : `Saved as ${name}. It is unfinished: save it again when all campaigns have been run.`);
  }, (problem) => say(note, problem.message));
}

/** Open a part, and go to it. */
function goTo(node) {
  node.open = true;
  node.scrollIntoView();
  node.firstElementChild.focus({ preventScroll: true });
}

/** The debrief itself: built once, brought up to date whenever more futures are known. */
class Debrief {
  constructor(root, connection, parts, seesAll) {
    this.pictures = new Pictures();
    this.folds = new Folds(root);
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
    this.best = el("div", {});
    this.against = el("div", { class: "charts" });
    this.scores = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Parts of the score" });
    this.earned = el("dl", { class: "small" });
    this.picks = el("div", { class: "picks", role: "group", "aria-label": "Which team" });
    this.team = el("div", {});
    this.calibration = this.pictures.get("calibration");
    this.sure = el("figcaption", {});
    this.distances = el("div", {});
    this.hidden = el("div", { class: "facts" });
    this.wash = el("ol", { class: "wash" });
    const room = `#room/${parts.map(encodeURIComponent).join("/")}`;
    fill(this.hold, "The teams do not see this yet. Reveal it from the ", el("a", { href: room }, "room"), " when you are ready.");
    const sections = [
      ["All teams", [this.rows, this.best, this.against, el("p", { class: "small" }, SIZES), el("details", { class: "fold" }, el("summary", {}, "How the score is made"), this.scores, this.earned,
        el("p", { class: "small" }, "Weights are a convention; a part that cannot be judged is left out. How many critics there were earns nothing by itself: critical messages are speech."))]],
      [seesAll ? "Decisions" : "Your decisions", [el("p", { class: "small" }, "For each decision: ", tip("future", undefined, "futures"), " that could have followed from that moment, and the same with silence in its place. ", SIZES), this.picks, this.team]],
      ["Replay", this.replay.node],
      ["How sure teams were", [el("p", {}, "Stated chances against what the futures hold (", tip("calibration"), "). On the dashed line the stated chance was right; the number is the team's."),
        el("div", { class: "beside" }, el("figure", {}, this.sure, this.calibration.node), this.distances)]],
      ["What was hidden", [this.hidden]],
      ["Questions to talk about", [this.wash]],
    ];
    const own = sections.splice(1, 1);
    sections.splice(seesAll ? 1 : 0, 0, ...own);
    const shown = sections.map(([name, content], place) => [name, this.folds.fold(name, el("h2", {}, name), content, { first: place === 0 })]);
    fill(root, el("div", { class: "debrief" },
      el("div", { class: "debrief-head" }, this.heading, this.lead, this.facts, this.hold,
        el("div", {}, this.progress, this.bar),
        this.assumed,
        el("div", { class: "row" }, button("Save as a page", () => save(connection, "page", this.note)), button("Save as a table", () => save(connection, "table", this.note)), this.note)),
      el("nav", { class: "debrief-jump", "aria-label": "Contents" },
        shown.map(([name, node]) => button(name, () => goTo(node), { class: "quiet" }))),
      shown.map(([name, node]) => el("section", { class: "card", "aria-label": name }, node))));
  }

  update({ told, drawn, revealed, leads }) {
    this.told = told;
    this.drawn = drawn;
    say(this.heading, `Debrief: ${told.title}`);
    say(this.lead, told.summary);
    say(this.facts, `${told.followers.toLocaleString("en")} simulated people, the same crowd and the same luck for all teams. ${told.length}`);
    this.hold.hidden = revealed || !leads;
    const { done, of } = told.progress;
    this.bar.value = of ? done / of : 0;
    this.bar.hidden = done >= of;
    say(this.progress, `${told.progress.words}${done < of ? " What you save before then says that it is unfinished." : ""}`);
    say(this.assumed, told.assumed + (told.shapes ? " This audience is small: read shapes, not odds." : ""));
    fill(this.rows, comparison(told));
    if (told.best && !this.best.firstChild) {
      fill(this.best, el("p", { class: "small" }, tip("best known", undefined, "Best answer known"), `: ${told.best.told}. ${told.best.note || ""}`));
    }
    this.drawAgainst();
    fill(this.scores, scores(told));
    if (!this.earned.firstChild) fill(this.earned, earned(told));
    this.drawTeams();
    this.replay.update(told, drawn);
    this.calibration.show(drawn.calibration || "", "Stated chance of not ending hijacked against the share of futures that do not");
    say(this.sure, drawn.findings.calibration ? `${drawn.findings.calibration}.` : "");
    fill(this.distances, distances(told));
    if (!this.hidden.firstChild) {
      fill(this.hidden, told.hidden.map((fact) => el("div", {}, el("h3", {}, fact.title), el("p", {}, fact.text))));
      fill(this.wash, told.hot_wash.map((question) => el("li", {}, question)));
    }
  }

  drawAgainst() {
    for (const [name, caption] of [["hijacked", "Campaigns that end hijacked"], ["size", "Messages in all"], ["trust", "Trust a week later"], ["grievance", "Grievance a week later"]]) {
      const known = this.against.querySelector(`[data-name="${name}"]`);
      const picture = this.pictures.get(`against ${name}`);
      const said = this.drawn.findings[name] ? `${caption}. ${this.drawn.findings[name]}.` : `${caption}, against saying nothing`;
      picture.show((name === "size" ? this.drawn.sizes.all : this.drawn.against[name]) || "", `${said} The numbers stand in the table.`);
      if (known) say(known, said);
      else this.against.append(el("figure", {}, el("figcaption", { data: { name } }, said), picture.node));
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
    this.folds.keepingPlace(() => fill(this.team, team ? detail(team, this.drawn, this.pictures, this.folds) : el("p", {}, "Nothing was decided.")));
  }

  pick(number) {
    this.shown = number;
    this.drawTeams();
  }

  end() {
    this.replay.stop();
    this.folds.end();
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
      if (!debrief) debrief = new Debrief(root, connection, [session, token], !body.told.own);
      debrief.update(body);
    } else if (!debrief) {
      card(...WAITING[body.state]);
    }
  });
  card("Debrief", "Connecting ...");
  connection.open({ as: "debrief", session, token }).catch((problem) => card("This link does not open", problem.message));
  return () => { if (debrief) debrief.end(); };
}
