// The facilitator's lobby: choose a deck, say how many teams there are, open a session; or go back to one.

import { button, el, field, fill } from "../dom.js";
import { qr } from "../train/qr.js";

export const title = "Training";
export const styles = ["train.css"];

const PHASES = { lobby: "not started", running: "running", deciding: "decision open", confirming: "decisions are read", ended: "over" };

export function mount(root, connection, [token]) {
  fill(root, el("p", { class: "hint" }, "Fetching the decks ..."));
  const go = ({ session, token: seat }, view = "room") => { location.hash = `#${view}/${session}/${encodeURIComponent(seat)}`; };
  connection.open({ as: "host", token }).then((offer) => show(root, connection, offer, go), (problem) => {
    fill(root, el("section", { class: "card narrow" }, el("h1", {}, "The lobby does not open"), el("p", {}, problem.message)));
  });
  return () => {};
}

const many = (number, one, more) => `${number} ${number === 1 ? one : more}`;
const day = (seconds) => new Date(1000 * seconds).toLocaleString("en-GB", { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" });

function show(root, connection, { decks, sessions, over }, go) {
  let chosen = decks.length ? decks[0].name : null;
  const wrong = el("p", { class: "warn", role: "alert", hidden: true });
  const teams = el("input", { type: "number", min: 1, max: 12, value: 4, required: true });
  const laptop = el("input", { type: "checkbox" });
  const open = el("button", { type: "submit", class: "button primary wide" }, "Open a session");
  const fault = (problem) => {
    wrong.textContent = problem.message;
    wrong.hidden = false;
    open.disabled = false;
  };
  const enter = (each, view) => connection.send("enter", { session: each.session }).then((seat) => go(seat, view), fault);
  const cards = decks.map((deck) => el("label", { class: "deck" },
    el("input", { type: "radio", name: "deck", value: deck.name, checked: deck.name === chosen, on: { change: () => { chosen = deck.name; } } }),
    el("span", { class: "deck-text" },
      el("strong", { class: "deck-title" }, deck.title), deck.own && el("span", { class: "badge" }, "your own"),
      el("span", {}, deck.summary),
      el("span", { class: "small number" }, `${deck.decisions} decisions · ${deck.hours} simulated hours · plan of ${deck.minutes} minutes · ${deck.followers.toLocaleString("en")} simulated followers`),
      el("span", { class: "small" }, el("b", {}, "Teams learn to: "), deck.objectives.map((line) => line.replace(/\.$/, "")).join("; ").toLowerCase(), "."))));
  const back = sessions.length > 0 && el("section", { class: "card", "aria-labelledby": "sessions-title" },
    el("h2", { id: "sessions-title" }, "Open sessions"),
    el("p", { class: "small" }, "A session goes on after a restart of the server; it waits, paused, for you."),
    el("ul", { class: "sessions" }, sessions.map((each) => el("li", {},
      el("span", {}, el("strong", {}, each.title), el("span", { class: "small number" }, ` ${many(each.teams, "team", "teams")} · ${each.laptop ? "one laptop" : many(each.members, "person", "people")} · ${PHASES[each.phase]}${each.code ? ` · code ${each.code}` : ""}`)),
      each.join && el("details", {}, el("summary", {}, "QR code for phones"), qr(each.join.squares, `QR code that opens ${each.title} on a phone`)),
      button("Enter the room", () => enter(each, "room"))))));
  const past = over.length > 0 && el("section", { class: "card", "aria-labelledby": "over-title" },
    el("h2", { id: "over-title" }, "Sessions that are over"),
    el("p", { class: "small" }, "The newest first. Their debriefs are kept."),
    el("ul", { class: "sessions" }, over.map((each) => el("li", {},
      el("span", {}, el("strong", {}, each.title), el("span", { class: "small number" }, ` ${day(each.opened)} · ${many(each.teams, "team", "teams")}${each.members ? ` · ${many(each.members, "person", "people")}` : ""}`)),
      el("span", { class: "row" }, button("Open the debrief", () => enter(each, "debrief"), { "aria-label": `Open the debrief: ${each.title}, ${day(each.opened)}` }),
        button("Enter the room", () => enter(each, "room"), { class: "quiet", "aria-label": `Enter the room: ${each.title}, ${day(each.opened)}` }))))));
  fill(root, el("h1", {}, "Run a training session"),
    el("p", { class: "lead" }, "Teams answer a campaign under a clock. Each sees what an agency would see: late, imprecise counts and a few messages. Afterwards they see what another answer would have done."),
    el("form", { class: "lobby", on: { submit: (event) => {
      event.preventDefault();
      open.disabled = true;
      wrong.hidden = true;
      connection.send("open", { deck: chosen, teams: Number(teams.value), laptop: laptop.checked }).then((seat) => go(seat), fault);
    } } },
    el("fieldset", { class: "decks" }, el("legend", {}, "Choose a deck"), cards.length ? cards : el("p", {}, "There is no deck here.")),
    el("div", { class: "lobby-side stack" },
      back,
      el("section", { class: "card stack", "aria-labelledby": "open-title" }, el("h2", { id: "open-title" }, "Open a session"),
        field("Number of teams", teams, "At most 12, with up to 5 people each."),
        el("label", { class: "check" }, laptop, el("span", {}, el("strong", {}, "One laptop"), el("span", { class: "hint" }, "For a room without a network: one browser goes from team to team."))),
        wrong, open), past)));
}
