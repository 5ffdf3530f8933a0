// A team's browser: what its agency sees, the decision under the clock, and what it was told. Also the shared laptop.

import { button, el, fill, say } from "../dom.js";
import { decisionForm } from "../train/decision.js";
import { offerTour } from "../tour.js";
import { sightCard } from "../train/sight.js";
import { changedWords, countdown, insteadWords, moveOf, phaseWords, sinceWords, timeOfDay, toldList } from "../train/words.js";

export const title = "Your team";
export const styles = ["train.css"];

const NARROW = window.matchMedia("(max-width: 60rem)");

export function mount(root, connection, [session, token]) {
  let parts = null;
  let gone = false;
  fill(root, el("p", { class: "hint" }, "Finding your seat ..."));
  const early = { clock: null, team: null, sight: null, feed: null, reveal: null };
  for (const kind of Object.keys(early)) {
    connection.on(kind, (body) => {
      early[kind] = body;
      if (parts) parts[kind](body);
    });
  }
  connection.on("freed", () => {
    localStorage.removeItem(`seat:${session}`);
    fill(root, el("section", { class: "card narrow" }, el("h1", {}, "Your seat was freed"), el("p", {}, "The facilitator freed this seat. Join again with the code.")));
    gone = true;
  });
  connection.open({ as: "member", session, token }).then((hello) => {
    if (gone) return;
    parts = teamPage(root, connection, hello, session, token);
    for (const [kind, body] of Object.entries(early)) if (body) parts[kind](body);
  }, (problem) => {
    if (gone) return;
    fill(root, el("section", { class: "card narrow" }, el("h1", {}, "This seat does not open"), el("p", {}, problem.message), el("a", { class: "button", href: "#join" }, "Join with a code")));
  });
  return () => parts && parts.remove();
}

function teamPage(root, connection, { deck, member, laptop }, session, token) {
  const send = (type, body) => connection.send(type, body);
  const name = el("strong", {}, "Your team");
  const time = el("span", { class: "bar-time number" });
  const since = el("span", { class: "small number" });
  const phase = el("span", { class: "bar-phase", role: "status" });
  const left = el("span", { class: "bar-left number", role: "timer", "aria-label": "Time left" });
  const bar = el("div", { class: "team-bar" }, el("div", { class: "bar-who" }, name, el("br"), since), el("div", { class: "bar-now" }, time), el("div", { class: "bar-state" }, phase, left));
  const banner = el("div", { class: "team-banner stack" });
  const main = el("div", { class: "team-main" });
  const side = el("div", { class: "team-side stack" });
  const told = el("div", {});
  const calls = el("section", { class: "card", id: "see-calls", "aria-labelledby": "calls" }, el("h2", { id: "calls" }, "Calls and notes"), told);
  const past = el("ol", { class: "past" });
  const moved = el("section", { class: "card", "aria-labelledby": "moved", hidden: true }, el("h2", { id: "moved" }, "Your decisions so far"), past);
  const members = el("p", { class: "small" });
  const about = el("details", { class: "card" }, el("summary", {}, "The case and your roles"), el("h2", {}, deck.title), el("p", {}, deck.summary),
    el("ul", {}, deck.roles.map((role) => el("li", {}, el("strong", {}, role.name), `: ${role.task}`))), members);
  const play = el("div", { class: "team-page" }, main, side);
  const jump = (label, id) => button(label, () => document.getElementById(id).scrollIntoView({ block: "start" }), { class: "quiet" });
  const decide = jump("Decide", "see-decision");
  const jumps = el("nav", { class: "team-jumps", "aria-label": "On this page" }, jump("Counts", "see-counts"), decide, jump("Messages", "see-messages"), jump("Calls", "see-calls"));
  play.append(jumps);
  fill(root, el("h1", { class: "seen-by-readers" }, `Your team: ${deck.title}`), bar, banner, play);
  const form = decisionForm({ deck, member, budget: deck.budget, send, laptop });
  const sight = sightCard({ budget: deck.budget });
  // one column: in the order in which one needs them, for eyes and keys alike
  const arrange = () => {
    if (NARROW.matches) {
      main.append(form.situation, sight.counted, form.card, sight.heard, calls, sight.purse, moved, about);
    } else {
      main.append(form.situation, form.card, calls);
      side.append(sight.counted, sight.heard, sight.purse, moved, about);
    }
  };
  arrange();
  NARROW.addEventListener("change", arrange);

  offerTour([
    { at: () => bar, title: "The clock", text: "Where the simulated day stands. It stops at a decision, and then the time left is shown here." },
    { at: () => banner.querySelector(".the-case"), title: "Your case", text: "Who you are, and what was posted or is about to be. The facilitator starts when everybody is here." },
    { at: () => banner.querySelector(".the-roles"), title: "Your roles", text: "Share them out before the start. Whoever listens reads the counts aloud, with their age." },
    { at: () => banner.querySelector(".the-end"), title: "The play is over", text: "What you could not know stands here once the facilitator reveals it, and the way to the debrief." },
    { at: () => !play.hidden && document.getElementById("see-counts"), title: "What you have counted", text: "Late, rounded and partly misread, as an agency would have it. The true numbers come in the debrief." },
    { at: () => !play.hidden && document.getElementById("heard"), title: "What people say", text: "A few of the messages, in made-up words. Ask which of them deserves an answer." },
    { at: () => !play.hidden && document.getElementById("see-calls"), title: "Calls and notes", text: "Press, staff and others reach you here. Not everything that they say is so." },
    { at: () => !play.hidden && document.getElementById("see-decision"), title: "The decision", text: "Pick a move, write the sentence that you would put out, say why and how sure you are. Your team shares the draft; you can change it until it is closed. Not submitted counts as silence." },
    { at: () => !play.hidden && document.getElementById("purse"), title: "Your working hours", text: "Every move costs some. Answers go on costing until the end." },
  ]);

  let clock = null;
  let team = null;
  let reveal = null;
  let shownBanner = "";
  const banners = () => {
    const key = JSON.stringify([clock.phase, clock.ready, clock.paused, team.team, team.turn, team.waiting, team.members, team.revealed, reveal, changed()]);
    if (key === shownBanner) return;
    shownBanner = key;
    const between = laptop && team.team === null;
    play.hidden = clock.phase === "lobby" || between;
    about.open = false;
    if (clock.phase === "lobby") fill(banner, waiting());
    else if (clock.phase === "ended") fill(banner, over());
    else if (between) fill(banner, handOver());
    else if (laptop && clock.phase === "deciding") fill(banner, laptopBar());
    else if (clock.paused) fill(banner, el("p", { class: "note" }, "Paused by the facilitator. Your draft is kept."));
    else if (changed()) fill(banner, el("p", { class: "note", role: "status" }, changed()));
    else if (clock.phase === "confirming") fill(banner, el("p", { class: "note" }, "Decisions are closed. The facilitator reads your sentence and says which move it is."));
    else fill(banner);
  };
  // until the next decision: what was played instead of a team's own pick
  const changed = () => {
    const last = ["confirming", "running"].includes(clock.phase) && team.answers && team.answers[team.answers.length - 1];
    return last && last.move && !last.late && last.confirmed && last.confirmed !== last.move ? changedWords(deck, last) : "";
  };
  const waiting = () => el("section", { class: "card" }, el("div", { class: "the-case" }, el("h2", { class: "big" }, deck.title), el("p", { class: "lead" }, deck.summary)),
    el("p", {}, laptop ? "One laptop goes from team to team. The facilitator starts." : `You are in ${team.name}${team.members.length > 1 ? ` with ${team.members.length - 1} other${team.members.length > 2 ? "s" : ""}` : ""}. The facilitator starts when everybody is here.`),
    !laptop && el("p", { class: "row" }, team.members.map((each) => el("span", { class: "badge" }, each))),
    el("div", { class: "the-roles" }, el("h3", {}, "Your roles"), el("ul", {}, deck.roles.map((role) => el("li", {}, el("strong", {}, role.name), `: ${role.task}`)))));
  const over = () => el("section", { class: "card stack the-end" }, el("h2", { class: "big" }, "The play is over"),
    team.revealed
      ? [el("p", {}, el("a", { class: "button primary", href: `#debrief/${session}/${encodeURIComponent(token)}` }, "To the debrief")),
        reveal && reveal.hidden.length > 0 && [el("h3", {}, "What you could not know"), reveal.hidden.map((each) => el("div", { class: "note" }, el("h3", {}, each.title), el("p", {}, each.text)))]]
      : el("p", {}, "The facilitator reveals what you could not know, and then the debrief opens here."));
  const handOver = () => {
    if (clock.phase !== "deciding") return el("section", { class: "card" }, el("h2", { class: "big" }, phaseWords(clock)), el("p", {}, "Leave the laptop where everybody sees it. When a decision opens, it goes from team to team."), toldList(team.told || [], clock.hour));
    return el("section", { class: "card hand-over" }, el("p", { class: "small" }, `Turn ${team.turn} of ${team.teams}`), el("h2", { class: "big" }, `Hand the laptop to Team ${team.turn}`),
      el("p", {}, "The others look away. The time runs from the moment you take it."),
      button(`We are Team ${team.turn}: begin`, () => send("take", { team: team.turn }).catch((problem) => alertIn(banner, problem)), { class: "primary wide" }));
  };
  const laptopBar = () => el("p", { class: "row" }, button(team.turn === team.teams ? "We are done: close the decision" : `We are done: hand over to Team ${team.turn + 1}`, () => {
    const answered = team.answers.some((each) => team.decision && each.decision === team.decision.id && each.move);
    if (answered || window.confirm(`You have not submitted. Hand over all the same? Then ${insteadWords(team.decision.minute)}.`)) send("pass", { team: team.turn }).catch((problem) => alertIn(banner, problem));
  }, {}));

  return {
    clock(body) {
      clock = body;
      sight.clock(body);
      say(time, body.phase === "lobby" ? "" : timeOfDay(body.hour, body.minute));
      say(since, body.phase === "lobby" ? deck.title : sinceWords(body, team && team.unposted));
      say(phase, phaseWords(body));
      const counts = body.left !== null && !body.waiting;
      left.hidden = !counts;
      if (counts) {
        say(left, countdown(body.left));
        left.dataset.soon = body.left <= 30 ? "yes" : "no";
      }
      bar.dataset.phase = body.phase;
      if (team) {
        banners();
        if (team.team !== null) form.show(team, body.phase);
      }
    },
    team(body) {
      team = body;
      if (clock) banners();
      say(name, body.name || (laptop ? "One laptop" : "Your team"));
      say(members, body.members ? `In your team: ${body.members.join(", ")}` : "");
      fill(told, body.told && body.told.length ? toldList(body.told, clock && clock.hour) : el("p", { class: "small" }, "Nobody has called yet."));
      sight.team(body);
      if (clock) say(since, clock.phase === "lobby" ? deck.title : sinceWords(clock, body.unposted));
      if (body.team === null) return;
      form.show(body, clock ? clock.phase : "running");
      decide.hidden = !body.decision;
      const settled = body.answers.filter((each) => each.confirmed);
      moved.hidden = settled.length === 0;
      fill(past, settled.map((each) => el("li", {}, el("strong", {}, moveOf(deck, each.confirmed, each.minute).label), el("span", { class: "small number" }, ` ${timeOfDay(clock && clock.hour, each.minute)}${each.confidence !== null ? ` · ${each.confidence} % sure` : ""}`),
        each.late && el("p", { class: "small" }, `It came too late: you chose “${moveOf(deck, each.move, each.minute).label}”, and ${insteadWords(each.minute)} instead.`),
        each.draft && el("p", { class: "small" }, `A draft, not submitted in time: ${insteadWords(each.minute)} instead.`),
        !each.late && each.move && each.move !== each.confirmed && el("p", { class: "small" }, changedWords(deck, each)),
        [each, each.draft].map((said) => said && [said.sentence && el("p", { class: "quote" }, said.sentence), said.argument && el("p", { class: "small" }, said.argument)]))));
    },
    sight(body) {
      sight.sight(body);
      form.sight(body);
    },
    feed: (body) => sight.feed(body),
    reveal(body) {
      reveal = body;
      if (clock && team) banners();
    },
    remove() {
      NARROW.removeEventListener("change", arrange);
      form.remove();
      sight.remove();
    },
  };
}

function alertIn(node, problem) {
  node.append(el("p", { class: "warn", role: "alert" }, problem.message));
}
