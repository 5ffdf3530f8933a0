// The facilitator's room: the desk, and the link of the wall, which has a window and a token of its own.

import { el, fill } from "../dom.js";
import { offerTour } from "../tour.js";
import { desk } from "../train/desk.js";

export const title = "The room";
export const styles = ["train.css", "print.css"];

/** Return the wall's token: one for each session and browser, so that its window can be opened again. */
async function wallToken(connection, session) {
  const place = `wall:${session}`;
  if (!localStorage.getItem(place)) localStorage.setItem(place, (await connection.send("wall")).token);
  return localStorage.getItem(place);
}

export function mount(root, connection, [session, token]) {
  fill(root, el("p", { class: "hint" }, "Opening the room ..."));
  const known = { clock: null, room: null };
  let shown = null;
  for (const kind of Object.keys(known)) {
    connection.on(kind, (body) => {
      known[kind] = body;
      if (shown) shown[kind](body);
    });
  }
  const opened = async () => {
    const { deck, laptop, join } = await connection.open({ as: "facilitator", session, token });
    const wall = el("a", { class: "button", href: `#wall/${session}/${encodeURIComponent(await wallToken(connection, session))}`, target: "_blank", rel: "noopener" }, "Open the wall");
    const back = el("div", {});
    shown = desk(back, deck, { laptop, join, send: (type, body) => connection.send(type, body), session, token });
    fill(root, el("div", { class: "room-head" }, el("p", { class: "room-title" }, deck.title), el("div", { class: "row" }, wall)), back);
    for (const [kind, body] of Object.entries(known)) if (body) shown[kind](body);
    offerTour([
      { at: () => back.querySelector(".desk-controls"), title: "Your controls", text: "Start, pause, skip to the next decision, give more time. The code for the teams stands here until the end." },
      { at: () => wall, title: "The wall", text: "Open this window on the projector: the code, the clock and who has submitted. Nobody's sentence or move, until you show them. Its address may be photographed: it opens the wall alone." },
      { at: () => document.getElementById("teams"), title: "The teams", text: "Who is there, what each has spent and done. No team sees another's before the reveal." },
      { at: () => document.getElementById("injects"), title: "Calls and notes", text: "Most come by themselves; others go out when you send them. You can write one of your own." },
      { at: () => document.getElementById("plan"), title: "The plan", text: "Where the session should be, minute by minute, with the simulated time. Below it: sheets to print, and what is hidden until the end." },
    ]);
  };
  opened().catch((problem) => {
    fill(root, el("section", { class: "card narrow" }, el("h1", {}, "The room does not open"), el("p", {}, problem.message)));
  });
  return () => {};
}
