// How times, counts and moves are told in a training session.

import { el } from "../dom.js";

const pad = (number) => String(Math.floor(number)).padStart(2, "0");

/** Return the time of day at a simulated minute: "14:37"; a dash while the hour of the post is not known. */
export function timeOfDay(hour, minute) {
  if (hour === null || hour === undefined) return "–";
  const all = Math.round(hour * 60) + Math.floor(minute + 1e-6);  // the post's minute as the plans round it
  return `${pad((all / 60) % 24)}:${pad(all % 60)}`;
}

/** Return how long after the post: "1 h 42 min". */
export function sincePost(minute) {
  const whole = Math.floor(minute + 1e-6);
  const hours = Math.floor(whole / 60);
  return hours ? `${hours} h ${pad(whole % 60)} min` : `${whole} min`;
}

/** Return where the clock stands beside the post; `unposted` tells that it never went out. */
export function sinceWords(clock, unposted = false) {
  if (!clock.posted) return "before the post";
  return unposted ? "you did not post" : `${sincePost(clock.minute)} after the post`;
}

/** Return what a move is called, and what it is, that is made in a minute: at minute 0 nothing is out yet. */
export function moveOf(deck, move, minute) {
  return (minute === 0 && deck.before[move]) || deck.moves[move];
}

/** Return what happens where a team has submitted nothing in time. */
export function insteadWords(minute) {
  return minute === 0 ? "the call goes out as it stands" : "silence is played";
}

/** Return what a team is told whose move the facilitator has read as another one. */
export function changedWords(deck, { move, confirmed, minute }) {
  return `The facilitator changed your move: you picked “${moveOf(deck, move, minute).label}”, your sentence is taken as “${moveOf(deck, confirmed, minute).label}”.`;
}

/** Return how far a team is: {people, online, drafting, submitted}. */
export function stateOf(team, clock) {
  if (clock.phase === "lobby") return team.people ? "here" : "nobody yet";
  if (clock.phase === "deciding" && clock.turn !== null) {
    if (clock.turn === team.number) return clock.waiting ? "next" : "has the laptop";
    return team.submitted ? "done" : team.number < clock.turn ? "nothing submitted" : "waits";
  }
  if (clock.phase === "deciding" && !team.submitted && !team.online) return team.people ? "away" : "nobody there";
  if (clock.phase === "deciding") return team.submitted ? "submitted" : team.drafting ? "writing" : "reading";
  if (clock.phase === "confirming") return team.submitted ? "submitted" : "nothing in time";
  return clock.phase === "ended" ? "done" : "watching";
}

/** Return seconds as a countdown: "3:05". */
export function countdown(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(left / 60)}:${pad(left % 60)}`;
}

/** Return working hours: "2", "0.5", "12.4". */
export function hours(number) {
  return String(Math.round(number * 10) / 10);
}

/** Return a sentence on what a move costs. */
export function price(cost) {
  if (!cost) return "";
  const parts = [];
  if (cost.hours) parts.push(`${hours(cost.hours)} working ${cost.hours === 1 ? "hour" : "hours"}`);
  if (cost.each) parts.push(`${cost.each * 60 < 10 ? `${Math.round(cost.each * 600) / 10}` : Math.round(cost.each * 60)} minutes for each ${cost.of}`);
  return parts.length ? `Costs ${parts.join(" and ")}.` : "Costs no working hours.";
}

export const KINDS = { press: "Press", phone: "Phone", boss: "From above", rumour: "Rumour", staff: "Staff" };

/** Return a list of what teams were told, the newest first. */
export function toldList(told, hour) {
  return el("ol", { class: "told", "aria-label": "Calls and notes, the newest first" },
    [...told].reverse().map(({ minute, what, sender, text }) =>
      el("li", { class: "told-one" },
        el("p", { class: "told-head" }, el("span", { class: "badge" }, KINDS[what] || what), " ", el("strong", {}, sender),
          el("span", { class: "small number" }, ` ${timeOfDay(hour, minute)}`)),
        el("p", {}, text))));
}

// seconds after which a crowd takes longer than usual to be made
const USUAL = 20;

/** Return what is done before a session can start, and for how long by now. */
export function makingWords({ making }, followers) {
  if (!making) return "";
  const step = making.step === "people" ? `${followers.toLocaleString("en")} simulated people are made, and who follows whom` : "The crowd is tried out";
  const often = making.first
    ? "The first time on a computer the simulation is compiled as well: a minute or two, more where the computer is busy; later on some seconds."
    : making.seconds < USUAL ? "That takes some seconds."
      : "It takes longer than usual: after an update the simulation is compiled anew, once, which takes a minute or two, more where the computer is busy.";
  return `${step}: ${making.seconds} s so far. ${often}`;
}

/** Return what the session is doing, in words. */
export function phaseWords(clock) {
  if (clock.paused) return "Paused";
  return {
    lobby: clock.ready ? "Ready to start" : "The crowd is being made",
    running: "The clock runs",
    deciding: "Decision open",
    confirming: "Decisions are read",
    ended: "The play is over",
  }[clock.phase];
}
