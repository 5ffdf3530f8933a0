// Joining by code: pick a team and a name that need not be real; a browser that was here before finds its seat.

import { button, el, field, fill } from "../dom.js";

export const title = "Join a session";
export const styles = ["train.css"];

const LONGEST_NAME = 24;

function kept(session) {
  try {
    return JSON.parse(localStorage.getItem(`seat:${session}`));
  } catch {
    return null;
  }
}

// as the server counts them: a letter of two halves is one
const lettersOf = (text) => [...text.trim()].length;

function goTo(session, token) {
  location.hash = `#team/${session}/${encodeURIComponent(token)}`;
}

export function mount(root, connection, [code]) {
  if (!code) {
    const typed = el("input", { autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: 12, required: true, class: "code" });
    fill(root, el("section", { class: "card narrow" }, el("h1", {}, "Join a session"), el("form", { on: { submit: (event) => {
      event.preventDefault();
      const tidy = typed.value.replace(/[^A-Za-z0-9]/g, "").toUpperCase();
      if (tidy) location.hash = `#join/${tidy}`;
    } } }, field("Code", typed, "Six letters and digits, from the wall."), el("button", { type: "submit", class: "button primary wide" }, "Go on"))));
    typed.focus();
    return () => {};
  }
  fill(root, el("p", { class: "hint" }, "Looking for the session ..."));
  let chosen = null;
  const teams = el("div", { class: "seats" });
  const seats = (body) => {
    fill(teams, body.teams.map(({ team, name, members }) => el("label", { class: "seat" },
      el("input", { type: "radio", name: "team", value: team, required: true, checked: team === chosen, disabled: members >= 5, on: { change: () => { chosen = team; } } }),
      el("span", {}, el("strong", {}, name), el("span", { class: "small number" }, members >= 5 ? "full" : `${members} of 5`)))));
  };
  connection.on("seats", seats);
  connection.open({ as: "joiner", code }).then((session) => {
    const back = kept(session.session);
    const name = el("input", { required: true, autocomplete: "off", spellcheck: "false", on: { input: () => {
      const letters = lettersOf(name.value);
      const long = letters > LONGEST_NAME;
      name.setAttribute("aria-invalid", String(long));
      wrong.textContent = long ? `A name has at most ${LONGEST_NAME} letters; this one has ${letters}.` : "";
      wrong.hidden = !long;
    } } });
    const wrong = el("p", { class: "warn", role: "alert", hidden: true });
    fill(root, el("section", { class: "card narrow stack" }, el("h1", {}, session.title),
      back && el("div", { class: "note" }, el("p", {}, `This browser has a seat in Team ${back.team}.`), button("Back to my seat", () => goTo(session.session, back.token), { class: "primary" })),
      el("form", { class: "stack", on: { submit: (event) => {
        event.preventDefault();
        if (chosen === null || lettersOf(name.value) > LONGEST_NAME) return;
        connection.send("join", { team: chosen, name: name.value.trim() }).then((seat) => {
          localStorage.setItem(`seat:${seat.session}`, JSON.stringify({ token: seat.token, team: seat.team }));
          goTo(seat.session, seat.token);
        }, (problem) => {
          wrong.textContent = problem.message;
          wrong.hidden = false;
        });
      } } },
      el("fieldset", {}, el("legend", {}, "Your team"), teams),
      field("A name for your team-mates", name, `At most ${LONGEST_NAME} letters. It need not be your own. Everybody in the room may read it on the wall.`),
      wrong, el("button", { type: "submit", class: "button primary wide" }, back ? "Take another seat" : "Take a seat"))));
    seats(session);
  }, (problem) => {
    fill(root, el("section", { class: "card narrow" }, el("h1", {}, "This code does not open a session"), el("p", {}, problem.message), el("a", { class: "button", href: "#join" }, "Type another code")));
  });
  return () => {};
}
