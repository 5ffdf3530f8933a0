// The wall: what the whole room may see. The server sends it no sentence and no move that was not shown.

import { el, fill, say } from "../dom.js";
import { qr } from "./qr.js";
import { countdown, moveOf, phaseWords, sinceWords, stateOf, timeOfDay, toldList } from "./words.js";

const DONE = new Set(["submitted", "here", "done"]);

/** Show the wall in a node; returns {clock(body), wall(body), reveal(body)}. */
export function wall(root, deck, { laptop, join, debrief }) {
  const time = el("p", { class: "wall-time number" });
  const since = el("p", { class: "wall-since number" });
  const phase = el("p", { class: "wall-phase", role: "status" });
  const left = el("p", { class: "wall-left number", role: "timer", "aria-label": "Time left" });
  const bar = el("progress", { class: "wall-bar", max: deck.hours * 60, value: 0, "aria-label": "How far the play has come" });
  const plan = el("p", { class: "wall-plan" });
  const door = el("section", { class: "wall-door" });
  const question = el("section", { class: "wall-question", hidden: true });
  const teams = el("ul", { class: "wall-teams", "aria-label": "Teams" });
  const told = el("section", { class: "wall-told" });
  const shown = el("section", { class: "wall-shown" });
  const hidden = el("section", { class: "wall-hidden", hidden: true });
  root.append(el("h1", { class: "seen-by-readers" }, deck.title), el("div", { class: "wall" },
    el("div", { class: "wall-clock" }, el("div", {}, time, since), el("div", { class: "wall-right" }, phase, left)), bar, plan, door, question, hidden, teams, shown, told));
  let clock = null;
  let room = null;
  let drawn = "";
  const drawDoor = () => {
    door.hidden = clock.phase !== "lobby";
    if (door.hidden) return;
    if (laptop) {
      fill(door, el("p", { class: "wall-how" }, "One laptop goes from team to team."));
      return;
    }
    fill(door, el("div", {},
      el("p", { class: "wall-how" }, "Open ", el("strong", { class: "wall-link" }, join ? join.address.replace(/^http:\/\//, "") : `${location.host}/#join`), " and type"),
      el("p", { class: "wall-code number", "aria-label": `Code ${[...(room.code || "")].join(" ")}` }, room.code || ""),
      join && el("p", { class: "wall-how" }, "or point a phone's camera here")),
    join && qr(join.squares, "QR code that opens this session on a phone"));
  };
  const draw = () => {
    const key = JSON.stringify([room, clock.phase, clock.turn, clock.waiting, clock.hour]);
    if (key === drawn) return;
    drawn = key;
    drawDoor();
    question.hidden = !room.decision;
    if (room.decision) fill(question, el("h2", {}, room.decision.question), el("p", {}, room.decision.situation));
    fill(teams, room.teams.map((team) => {
      const state = stateOf(team, clock);
      return el("li", { class: "wall-team", data: { done: DONE.has(state) ? "yes" : "no" } }, el("strong", {}, team.name), el("span", { class: "wall-state" }, state),
        !laptop && team.people > 0 && el("span", { class: "small number" }, clock.phase === "lobby" ? team.members.join(", ") : `${team.online} of ${team.people} connected`));
    }));
    fill(shown, room.shown.map((decision) =>
      el("table", {}, el("caption", {}, `What the teams chose: ${decision.question}`), el("thead", {}, el("tr", {}, ["Team", "Move", "Sentence"].map((head) => el("th", { scope: "col" }, head)))),
        el("tbody", {}, decision.teams.map((team) => el("tr", {}, el("th", { scope: "row" }, team.name), el("td", {}, moveOf(deck, team.move, decision.minute).label),
          el("td", {}, team.in_time ? team.sentence || "(no sentence)" : "(nothing in time)")))))));
    fill(told, room.told.length > 0 && [el("h2", {}, "What came in"), toldList(room.told, clock.hour)]);
  };
  const tellPlan = () => {
    plan.hidden = clock.elapsed === null || clock.phase !== "running";
    if (plan.hidden || !room) return;
    const { now, next } = room.plan;
    say(plan, `Session minute ${Math.floor(deck.posted + clock.elapsed / 60)}: ${now}${next ? ` · next, planned for minute ${next.at}: ${next.what}` : ""}`);
  };
  return {
    clock(body) {
      clock = body;
      say(time, body.phase === "lobby" ? deck.title : timeOfDay(body.hour, body.minute));
      time.classList.toggle("wall-title", body.phase === "lobby");
      say(since, body.phase === "lobby" ? "" : sinceWords(body));
      say(phase, phaseWords(body));
      left.hidden = body.left === null || body.waiting;
      if (body.left !== null) {
        say(left, countdown(body.left));
        left.dataset.soon = body.left <= 30 ? "yes" : "no";
      }
      bar.hidden = body.phase === "lobby";
      bar.value = body.minute;
      tellPlan();
      if (room) draw();
    },
    wall(body) {
      room = body;
      if (clock) {
        tellPlan();
        draw();
      }
    },
    reveal(body) {
      hidden.hidden = body.hidden.length === 0;
      fill(hidden, el("p", {}, el("a", { class: "button primary", href: debrief }, "To the debrief")),
        el("h2", {}, "What was hidden"), body.hidden.map((each) => el("div", { class: "note" }, el("h3", {}, each.title), el("p", {}, each.text))));
    },
  };
}
