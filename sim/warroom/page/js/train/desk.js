// The facilitator's desk: controls, which move each sentence is, injects, teams, the plan. Not for the wall.

import { button, el, field, fill, holding, say } from "../dom.js";
import { printSheets } from "../print.js";
import { qr } from "./qr.js";
import { countdown, hours, makingWords, phaseWords, sincePost, timeOfDay } from "./words.js";

const KINDS = [["press", "Press"], ["phone", "Phone"], ["boss", "From above"], ["rumour", "Rumour"], ["staff", "Staff"]];
const HERE_ALONE = /^(localhost|127\.|\[::1\])/;

// whoever works by keys stays at a button whose words change
function refill(node, ...children) {
  const stops = () => [...node.querySelectorAll("button, select")];
  const at = stops().indexOf(document.activeElement);
  fill(node, ...children);
  if (at >= 0 && stops()[at]) stops()[at].focus();
}

/** Show the desk in a node; returns {clock(body), room(body)}. */
export function desk(root, deck, { laptop, join, send, session, token }) {
  const wrong = el("p", { class: "warn", role: "alert", hidden: true });
  const ask = (type, body) => send(type, body).then(
    (answer) => { wrong.hidden = true; return answer; },
    (problem) => { wrong.hidden = false; say(wrong, problem.message); });
  const sure = (question, type) => () => window.confirm(question) && ask(type);
  const time = el("strong", { class: "desk-time number" });
  const phase = el("span", {});
  const next = el("p", { class: "small number" });
  const making = el("p", { class: "note number", hidden: true });
  const door = el("div", { class: "desk-door" });
  const start = button("Start: the post goes out", () => ask("start"), { class: "primary" });
  const pause = button("Pause", () => ask("pause"));
  const resume = button("Resume", () => ask("resume"), { class: "primary" });
  const skip = button("Skip to the next decision", () => ask("skip"));
  const minute = button("+ 1 minute", () => ask("extend", { seconds: 60 }));
  const three = button("+ 3 minutes", () => ask("extend", { seconds: 180 }));
  const close = button("Close the decision", () => ask("close"));
  const settle = button("Confirm all and go on", () => ask("settle"), { class: "primary" });
  const end = button("End the play", sure("End the play now? Open decisions are closed.", "end"), { class: "danger" });
  const reveal = button("Reveal", sure("Show hidden facts and all choices to all teams?", "reveal"), { class: "primary" });
  const debrief = el("a", { class: "button primary", href: `#debrief/${session}/${encodeURIComponent(token)}` }, "To the debrief");
  const borrow = button("Open the teams' page for the shared laptop", () => ask("laptop").then((seat) => {
    if (!seat) return;
    localStorage.setItem(`laptop:${session}`, seat.token);
    window.open(`#team/${session}/${encodeURIComponent(seat.token)}`, "_blank");
  }));
  const row = el("p", { class: "row" }, start, resume, pause, skip, minute, three, close, settle, end, reveal, debrief, laptop && borrow);
  const controls = el("section", { class: "card stack desk-controls", "aria-labelledby": "controls" }, el("h2", { id: "controls" }, "Controls"),
    el("p", { class: "row" }, time, phase), making, next, door,
    row, wrong);
  const confirming = el("section", { class: "card", hidden: true });
  const teams = el("section", { class: "card", "aria-labelledby": "teams" });
  const injects = el("section", { class: "card stack", "aria-labelledby": "injects" });
  const shows = el("section", { class: "card", "aria-labelledby": "shows" });
  const plan = el("section", { class: "card", "aria-labelledby": "plan" });
  const rest = el("section", { class: "card stack" },
    button("Print the hand-outs", () => ask("sheets").then((answer) => { if (answer) printSheets(deck.title, answer.sheets); })),
    el("details", {}, el("summary", {}, "Hidden facts (not for the wall)"), deck.hidden.map((each) => [el("h3", {}, each.title), el("p", {}, each.text)])),
    el("details", {}, el("summary", {}, "Questions for the talk afterwards"), el("ol", {}, deck.hot_wash.map((line) => el("li", {}, line)))),
    el("details", {}, el("summary", {}, "Objectives and roles"), el("ul", {}, deck.objectives.map((line) => el("li", {}, line))), el("ul", {}, deck.roles.map((role) => el("li", {}, el("strong", {}, role.name), `: ${role.task}`)))));
  root.append(el("h1", { class: "seen-by-readers" }, `Your desk: ${deck.title}`), el("div", { class: "desk" }, el("div", { class: "stack" }, controls, confirming, teams, shows), el("div", { class: "stack" }, injects, plan, rest)));

  let clock = null;
  let room = null;
  let drawn = {};
  const changed = (name, ...what) => {
    const key = JSON.stringify(what);
    if (drawn[name] === key) return false;
    drawn[name] = key;
    return true;
  };

  const unsent = (draft) => [
    el("p", { class: "small" }, el("span", { class: "badge contested" }, "A draft, not submitted"), " Silence is played. For the talk afterwards, this is what stood there:"),
    draft.sentence && el("p", { class: "quote" }, draft.sentence),
    draft.argument && el("p", { class: "small" }, draft.argument),
    el("p", { class: "small number" }, draft.move ? `Marked: ${deck.moves[draft.move].label}` : "No move was marked", draft.confidence === null ? "" : ` · ${draft.confidence} % sure`),
  ];
  const drawConfirming = () => {
    const asked = clock.phase === "confirming" && deck.decisions.find((each) => each.id === room.decision);
    confirming.hidden = !asked;
    if (!asked) return;
    fill(confirming, el("h2", {}, "Which move is each sentence?"), el("p", { class: "small" }, "The team's own pick is set. Change what does not fit its sentence, then confirm all."),
      el("ul", { class: "sentences" }, room.teams.map((team) => {
        const answer = team.answers.find((each) => each.decision === asked.id);
        if (!answer || answer.move === null || answer.late) {
          return el("li", {}, el("strong", {}, team.name), answer && answer.draft ? unsent(answer.draft)
            : el("p", { class: "small" }, answer && answer.late ? `Late (${deck.moves[answer.move].label}): silence is played.` : "Nothing in time: silence is played."));
        }
        const select = el("select", { "aria-label": `Move of ${team.name}`, on: { change: () => ask("confirm", { team: team.number, move: select.value }) } },
          asked.moves.map((move) => el("option", { value: move }, deck.moves[move].label + (move === answer.move ? " (its pick)" : ""))));
        select.value = answer.confirmed || answer.move;
        return el("li", {}, el("strong", {}, team.name), el("p", { class: "quote" }, answer.sentence || "(no sentence)"),
          answer.argument && el("p", { class: "small" }, answer.argument), el("p", { class: "row" }, select, el("span", { class: "small number" }, `${answer.confidence} % sure`)));
      })));
  };
  const drawTeams = () => fill(teams, el("h2", { id: "teams" }, "Teams"),
    el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Table of the teams" }, el("table", {}, el("thead", {}, el("tr", {}, ["Team", "People", "Hours", "Against", "Moves so far"].map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, room.teams.map((team) => el("tr", {}, el("th", { scope: "row" }, team.name),
        el("td", {}, team.members.length === 0 ? (laptop ? "at the laptop" : "nobody") : el("ul", { class: "people" }, team.members.map((member) => el("li", {}, el("span", { class: member.online ? "" : "away" }, member.name, !member.online && " (away)"),
          button("Free", () => window.confirm(`Free the seat of ${member.name}?`) && ask("free", { member: member.id }), { class: "quiet", "aria-label": `Free the seat of ${member.name}` }))))),
        el("td", { class: "number" }, hours(team.spent)), el("td", { class: "number" }, team.share === null ? "–" : `about ${team.share} %`),
        el("td", {}, team.answers.filter((each) => each.confirmed).map((each) => deck.moves[each.confirmed].label).join(", ") || "–")))))),
    el("p", { class: "small" }, "Hours: working hours spent. Against: the critical share of the last hour, as the team counts it."));
  const drawShows = () => {
    const past = deck.decisions.slice(0, room.asked).filter((each) => each.id !== room.decision);
    shows.hidden = past.length === 0;
    refill(shows, el("h2", { id: "shows" }, "Show choices on the wall"), el("ul", { class: "plain" }, past.map((each) => {
      const on = room.shown.includes(each.id);
      return el("li", {}, el("span", {}, each.question, on && [" ", el("span", { class: "badge" }, "on the wall")]),
        button(on ? "Take off the wall" : "Show", () => ask("show", { decision: each.id, on: !on }), { class: "quiet", "aria-label": `${on ? "Take off the wall" : "Show the choices"}: ${each.question}` }));
    })));
  };
  const out = el("ul", { class: "plain" });
  const what = el("select", {}, KINDS.map(([value, label]) => el("option", { value }, label)));
  const sender = el("input", { maxlength: 40, value: "Staff", required: true });
  const text = el("textarea", { maxlength: 400, rows: 2, required: true });
  fill(injects, el("h2", { id: "injects" }, "Calls and notes"), out, el("details", {}, el("summary", {}, "One of your own"), el("form", { on: { submit: (event) => {
    event.preventDefault();
    ask("inject", { what: what.value, sender: sender.value.trim(), text: text.value.trim() }).then((answer) => { if (answer) text.value = ""; });
  } } }, field("Kind", what), field("From", sender, "Made up; no real person."), field("What is told to all teams", text), el("button", { type: "submit", class: "button" }, "Send to all teams"))));
  const drawInjects = () => {
    const gone = new Map(room.told.filter((each) => each.inject).map((each) => [each.inject, each.minute]));
    const going = clock.phase !== "lobby" && clock.phase !== "ended";
    fill(out, deck.injects.map((each) => el("li", {}, el("span", {}, el("strong", {}, each.sender), ` ${each.text}`, el("br"), el("span", { class: "small number" }, gone.has(each.id) ? `sent at ${timeOfDay(clock.hour, gone.get(each.id))}` : each.minute === null ? "when you send it" : `by itself at ${timeOfDay(clock.hour, each.minute)}`)),
      !gone.has(each.id) && button("Send now", () => ask("inject", { inject: each.id }), { class: "quiet", disabled: !going, "aria-label": `Send now: ${each.sender}` }))));
  };
  const drawPlan = () => {
    const now = deck.plan[room.row];
    fill(plan, el("h2", { id: "plan" }, "The plan"), el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Table of the plan" }, el("table", {}, el("thead", {}, el("tr", {}, ["Minute", "Simulated", "What"].map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, deck.plan.map((row) => el("tr", { class: row === now ? "current" : "", "aria-current": row === now ? "step" : null }, el("td", { class: "number" }, row.at), el("td", { class: "number" }, row.minute === null ? "–" : timeOfDay(clock.hour, row.minute)), el("td", {}, row.what)))))));
  };
  const draw = () => {
    const { phase: at, paused, ready } = clock;
    holding(row, () => {
      start.hidden = at !== "lobby";
      start.disabled = !ready;
      pause.hidden = paused || !["running", "deciding"].includes(at);
      resume.hidden = !paused;
      resume.disabled = !ready;
      skip.hidden = at !== "running";
      say(skip, room.asked < deck.decisions.length ? "Skip to the next decision" : "Skip to the end of the play");
      for (const node of [minute, three, close]) node.hidden = at !== "deciding";
      settle.hidden = at !== "confirming";
      end.hidden = ["lobby", "ended"].includes(at);
      reveal.hidden = at !== "ended" || room.revealed;
      debrief.hidden = at !== "ended" || !room.revealed;
      borrow.hidden = at === "ended";
    });
    door.hidden = laptop || !room.code;
    if (changed("door", room.code)) fill(door, "Teams open ", el("strong", {}, join ? join.address.replace(/^http:\/\//, "") : `${location.host}/#join`), " and type ", el("strong", { class: "desk-code number" }, room.code || ""),
      join && el("details", {}, el("summary", {}, "QR code for phones"), qr(join.squares, "QR code that opens this session on a phone")),
      !join && HERE_ALONE.test(location.hostname) && ". This address opens on this computer alone: for phones start backfire serve host=0.0.0.0, and open this page by the computer's address in the network.");
    if (changed("confirming", at, room.decision, room.teams.map((team) => team.answers))) drawConfirming();
    if (changed("teams", room.teams)) drawTeams();
    if (changed("shows", room.asked, room.decision, room.shown)) drawShows();
    if (changed("injects", room.told, at, clock.hour)) drawInjects();
    if (changed("plan", room.row, clock.hour)) drawPlan();
  };
  return {
    clock(body) {
      clock = body;
      const following = room && deck.decisions[room.asked];
      say(time, body.phase === "lobby" ? "Not started" : `${timeOfDay(body.hour, body.minute)} (${sincePost(body.minute)} after the post)`);
      say(phase, phaseWords(body) + (body.left !== null && !body.waiting ? `, ${countdown(body.left)} left` : "") + (body.waiting ? `: Team ${body.turn} takes the laptop` : ""));
      making.hidden = !body.making;
      say(making, makingWords(body, deck.followers));
      say(next, body.phase === "ended" ? "" : following ? `Next decision at ${timeOfDay(body.hour, following.minute)}: ${following.question}` : `The play ends at ${timeOfDay(body.hour, body.of)}.`);
      if (room) draw();
    },
    room(body) {
      room = body;
      if (clock) draw();
    },
  };
}
