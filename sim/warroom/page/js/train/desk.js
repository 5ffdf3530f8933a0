// The facilitator's desk: controls, which move each sentence is, injects, teams, the plan. Not for the wall.

import { button, el, field, fill, holding, say } from "../dom.js";
import { printSheets } from "../print.js";
import { qr } from "./qr.js";
import { KINDS, countdown, hours, insteadWords, makingWords, moveOf, phaseWords, sinceWords, stateOf, timeOfDay } from "./words.js";

// who speaks, unless the facilitator says otherwise
const SENDERS = { press: "A reporter", phone: "A caller", boss: "Head office", rumour: "A message that is passed around", staff: "A colleague" };
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
  const who = el("div", { class: "desk-who", role: "group", "aria-label": "Who has submitted", hidden: true });
  const making = el("p", { class: "note number", hidden: true });
  const door = el("div", { class: "desk-door" });
  const early = deck.decisions[0].minute === 0;
  const start = button(early ? "Start: the first decision, before the post" : "Start: the post goes out", () => ask("start"), { class: "primary" });
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
  const controls = el("section", { class: "card stack desk-controls", "aria-labelledby": "controls" }, el("h2", { id: "controls", class: "seen-by-readers" }, "Controls"),
    el("p", { class: "row" }, time, phase), making, next, who, door,
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

  // what a team wrote at a decision, also what came too late and what was never submitted: it is there for the talk
  const written = (answer) => {
    const label = (move) => moveOf(deck, move, answer.minute).label;
    const texts = ({ sentence, argument, confidence }, none) => [sentence || none ? el("p", { class: "quote" }, sentence || none) : null,
      argument && el("p", { class: "small" }, argument), confidence !== null && el("p", { class: "small number" }, `${confidence} % sure`)];
    const instead = insteadWords(answer.minute);
    if (answer.draft) {
      return [el("p", { class: "small" }, el("span", { class: "badge contested" }, "A draft, not submitted"), ` ${answer.draft.move ? `Marked: ${label(answer.draft.move)}` : "No move was marked"}; ${instead} instead.`), texts(answer.draft)];
    }
    if (answer.move === null) return el("p", { class: "small" }, `Nothing in time: ${instead}.`);
    if (answer.late) return [el("p", { class: "small" }, el("span", { class: "badge contested" }, "Came too late"), ` Chosen: ${label(answer.move)}; ${instead} instead.`), texts(answer, "(no sentence)")];
    const changed = answer.confirmed && answer.confirmed !== answer.move;
    return [el("p", { class: "small" }, changed ? `Picked: ${label(answer.move)}; you confirmed: ${label(answer.confirmed)}` : label(answer.move)), texts(answer, "(no sentence)")];
  };
  const drawConfirming = () => {
    const asked = clock.phase === "confirming" && deck.decisions.find((each) => each.id === room.decision);
    confirming.hidden = !asked;
    if (!asked) {
      fill(confirming);
      return;
    }
    fill(confirming, el("h2", {}, "Which move is each sentence?"), el("p", { class: "small" }, "The team's own pick is set. Change what does not fit its sentence, then confirm all; a team is told when its move was changed. After that you can show all choices on the wall."),
      el("ul", { class: "sentences" }, room.teams.map((team) => {
        const answer = team.answers.find((each) => each.decision === asked.id);
        if (!answer) return null;
        if (answer.move === null || answer.late) return el("li", {}, el("strong", {}, team.name), written(answer));
        const select = el("select", { "aria-label": `Move of ${team.name}`, on: { change: () => ask("confirm", { team: team.number, move: select.value }) } },
          team.choices.map((move) => el("option", { value: move }, moveOf(deck, move, asked.minute).label + (move === answer.move ? " (its pick)" : ""))));
        select.value = answer.confirmed || answer.move;
        return el("li", {}, el("strong", {}, team.name), el("p", { class: "quote" }, answer.sentence || "(no sentence)"),
          answer.argument && el("p", { class: "small" }, answer.argument), el("p", { class: "row" }, select, el("span", { class: "small number" }, `${answer.confidence} % sure`)));
      })));
  };
  const drawWho = () => {
    who.hidden = clock.phase !== "deciding";
    if (who.hidden) return;
    const done = room.teams.filter((team) => team.submitted).length;
    fill(who, el("strong", { class: "number" }, `${done} of ${room.teams.length} submitted`), el("ul", { class: "row" }, room.teams.map((team) => {
      const state = stateOf(team, clock);
      return el("li", { class: "badge", data: { state } }, `${team.name}: ${state}`);
    })));
  };
  const drawTeams = () => fill(teams, el("h2", { id: "teams" }, "Teams"),
    el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Table of the teams" }, el("table", {}, el("thead", {}, el("tr", {}, ["Team", "People", "Hours", "Against", "Moves so far"].map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, room.teams.map((team) => el("tr", {}, el("th", { scope: "row" }, team.name),
        el("td", {}, team.members.length === 0 ? (laptop ? "at the laptop" : "nobody") : el("ul", { class: "people" }, team.members.map((member) => el("li", {}, el("span", { class: member.online ? "" : "away" }, member.name, !member.online && " (away)"),
          button("Free", () => window.confirm(`Free the seat of ${member.name}?`) && ask("free", { member: member.id }), { class: "quiet", "aria-label": `Free the seat of ${member.name}` }))))),
        el("td", { class: "number" }, hours(team.spent)), el("td", { class: "number" }, team.share === null ? "–" : `about ${team.share} %`),
        el("td", {}, team.answers.filter((each) => each.confirmed).map((each) => moveOf(deck, each.confirmed, each.minute).label).join(", ") || "–")))))),
    el("p", { class: "small" }, "Hours: working hours spent. Against: the critical share of the last hour, as the team counts it."));
  const drawShows = () => {
    const past = deck.decisions.slice(0, room.asked).filter((each) => each.id !== room.decision);
    shows.hidden = clock.phase === "lobby";
    const open = new Set([...shows.querySelectorAll("details[open]")].map((node) => node.dataset.decision));
    refill(shows, el("h2", { id: "shows" }, "What the teams chose"),
      past.length === 0 && el("p", { class: "small" }, "Once you have confirmed the moves of a decision, it stands here, and you can show the choices on the wall."), el("ul", { class: "plain" }, past.map((each) => {
      const on = room.shown.includes(each.id);
      return el("li", {}, el("div", {}, each.question, on && [" ", el("span", { class: "badge" }, "on the wall")],
        el("details", { data: { decision: each.id }, open: open.has(each.id) }, el("summary", {}, "What they wrote"), el("ul", { class: "sentences" }, room.teams.map((team) => {
          const answer = team.answers.find((one) => one.decision === each.id);
          return answer && el("li", {}, el("strong", {}, team.name), written(answer));
        })))),
        button(on ? "Take off the wall" : "Show", () => ask("show", { decision: each.id, on: !on }), { class: "quiet", "aria-label": `${on ? "Take off the wall" : "Show the choices"}: ${each.question}` }));
    })));
  };
  const out = el("ul", { class: "plain" });
  const what = el("select", { on: { change: () => {
    if (Object.values(SENDERS).includes(sender.value) || !sender.value.trim()) sender.value = SENDERS[what.value];
  } } }, Object.entries(KINDS).map(([value, label]) => el("option", { value }, label)));
  const sender = el("input", { maxlength: 40, value: SENDERS.press, required: true });
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
  // open before the start; later on only who comes late needs it
  const drawDoor = (first) => {
    const ways = [el("p", {}, "Teams open ", el("strong", {}, join ? join.address.replace(/^http:\/\//, "") : `${location.host}/#join`), " and type ", el("strong", { class: "desk-code number" }, room.code || "")),
      join && el("details", {}, el("summary", {}, "QR code for phones"), qr(join.squares, "QR code that opens this session on a phone")),
      !join && HERE_ALONE.test(location.hostname) && el("p", { class: "small" }, "This address opens on this computer alone: for phones start backfire serve host=0.0.0.0, and open this page by the computer's address in the network.")];
    fill(door, first ? ways : el("details", {}, el("summary", {}, "For whoever comes late: address and code"), ways));
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
    if (changed("door", room.code, at === "lobby")) drawDoor(at === "lobby");
    if (changed("who", at, clock.turn, clock.waiting, room.teams.map((team) => [team.submitted, team.drafting, team.online]))) drawWho();
    if (changed("confirming", at, room.decision, room.teams.map((team) => team.answers))) drawConfirming();
    if (changed("teams", room.teams)) drawTeams();
    if (changed("shows", at === "lobby", room.asked, room.decision, room.shown, room.teams.map((team) => team.answers))) drawShows();
    if (changed("injects", room.told, at, clock.hour)) drawInjects();
    if (changed("plan", room.row, clock.hour)) drawPlan();
  };
  return {
    clock(body) {
      clock = body;
      const following = deck.decisions[room ? room.asked : 0];
      say(time, body.phase === "lobby" ? "Not started" : `${timeOfDay(body.hour, body.minute)} (${sinceWords(body)})`);
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
