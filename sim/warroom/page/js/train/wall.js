// The wall: what the whole room may see. Nobody's sentence or move, unless the facilitator shows it.

import { el, fill, say } from "../dom.js";
import { countdown, phaseWords, sincePost, timeOfDay, toldList } from "./words.js";

/** Return the row of the plan in which the session is, and the next one; [null, first] before it starts. */
export function planRows(deck, elapsed) {
  const posted = (deck.plan.find((row) => row.minute !== null) || deck.plan[0]).at;
  const minute = elapsed === null ? 0 : posted + elapsed / 60;
  const begun = deck.plan.filter((row) => row.at <= minute);
  return { minute: elapsed === null ? null : minute, now: begun[begun.length - 1] || null, next: deck.plan[begun.length] || null };
}

function stateOf(team, room, clock) {
  if (clock.phase === "lobby") return team.members.length ? "here" : "nobody yet";
  const answer = room.decision && team.answers.find((each) => each.decision === room.decision);
  if (clock.phase === "deciding") {
    if (clock.turn !== null) return clock.turn === team.number ? (clock.waiting ? "next" : "has the laptop") : answer ? "done" : team.number < clock.turn ? "nothing submitted" : "waits";
    return answer ? "submitted" : team.drafting ? "writing" : "reading";
  }
  if (clock.phase === "confirming") return answer && answer.move && !answer.late ? "submitted" : "nothing in time";
  return clock.phase === "ended" ? "done" : "watching";
}

const DONE = new Set(["submitted", "here", "done"]);

/** Show the wall in a node; returns {clock(body), room(body), reveal(body)}. */
export function wall(root, deck, { laptop }) {
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
  const draw = () => {
    const key = JSON.stringify([room, clock.phase, clock.turn, clock.waiting, clock.hour]);
    if (key === drawn) return;
    drawn = key;
    door.hidden = clock.phase !== "lobby";
    if (!door.hidden && !laptop) {
      fill(door, el("p", { class: "wall-how" }, "Open ", el("strong", { class: "wall-link" }, `${location.host}/#join`), " and type"),
        el("p", { class: "wall-code number", "aria-label": `Code ${[...(room.code || "")].join(" ")}` }, room.code || ""));
    } else if (!door.hidden) fill(door, el("p", { class: "wall-how" }, "One laptop goes from team to team."));
    const asked = room.decision && deck.decisions.find((each) => each.id === room.decision);
    question.hidden = !asked;
    if (asked) fill(question, el("h2", {}, asked.question), el("p", {}, asked.situation));
    fill(teams, room.teams.map((team) => {
      const state = stateOf(team, room, clock);
      const here = team.members.filter((each) => each.online).length;
      return el("li", { class: "wall-team", data: { done: DONE.has(state) ? "yes" : "no" } }, el("strong", {}, team.name), el("span", { class: "wall-state" }, state),
        !laptop && team.members.length > 0 && el("span", { class: "small number" }, clock.phase === "lobby" ? team.members.map((each) => each.name).join(", ") : `${here} of ${team.members.length} connected`));
    }));
    fill(shown, room.shown.map((id) => {
      const decision = deck.decisions.find((each) => each.id === id);
      return el("table", {}, el("caption", {}, `What the teams chose: ${decision.question}`), el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Team"), el("th", { scope: "col" }, "Move"), el("th", { scope: "col" }, "Sentence"))),
        el("tbody", {}, room.teams.map((team) => {
          const answer = team.answers.find((each) => each.decision === id);
          return el("tr", {}, el("th", { scope: "row" }, team.name), el("td", {}, answer && answer.confirmed ? deck.moves[answer.confirmed].label : ""), el("td", {}, !answer || !answer.move ? "(nothing in time)" : answer.late ? "(came late)" : answer.sentence || "(no sentence)"));
        })));
    }));
    const latest = room.told.slice(-2);
    fill(told, latest.length > 0 && [el("h2", {}, "What came in"), toldList(latest, clock.hour)]);
  };
  return {
    clock(body) {
      clock = body;
      say(time, body.phase === "lobby" ? deck.title : timeOfDay(body.hour, body.minute));
      time.classList.toggle("wall-title", body.phase === "lobby");
      say(since, body.phase === "lobby" ? "" : `${sincePost(body.minute)} after the post`);
      say(phase, phaseWords(body));
      left.hidden = body.left === null || body.waiting;
      if (body.left !== null) {
        say(left, countdown(body.left));
        left.dataset.soon = body.left <= 30 ? "yes" : "no";
      }
      bar.hidden = body.phase === "lobby";
      bar.value = body.minute;
      const { minute, now, next } = planRows(deck, body.elapsed);
      plan.hidden = minute === null || body.phase !== "running";
      if (minute !== null) say(plan, `Session minute ${Math.floor(minute)}${now ? `: ${now.what}` : ""}${next ? ` · at ${next.at}: ${next.what}` : ""}`);
      if (room) draw();
    },
    room(body) {
      room = body;
      if (clock) draw();
    },
    reveal(body) {
      hidden.hidden = body.hidden.length === 0;
      fill(hidden, el("h2", {}, "What nobody could know"), body.hidden.map((each) => el("div", { class: "note" }, el("h3", {}, each.title), el("p", {}, each.text))));
    },
  };
}
