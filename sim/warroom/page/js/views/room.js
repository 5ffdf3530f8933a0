// The room: a wall for everybody to see and a desk for the facilitator, in one window or in two.

import { button, el, fill } from "../dom.js";
import { offerTour } from "../tour.js";
import { desk } from "../train/desk.js";
import { wall } from "../train/wall.js";

export const title = "The room";
export const styles = ["train.css", "print.css"];

export function mount(root, connection, [session, token, part]) {
  fill(root, el("p", { class: "hint" }, "Opening the room ..."));
  const early = { clock: null, room: null, reveal: null };
  let parts = [];
  for (const kind of Object.keys(early)) {
    connection.on(kind, (body) => {
      early[kind] = body;
      for (const each of parts) each[kind](body);
    });
  }
  connection.open({ as: "facilitator", session, token }).then(({ deck, laptop }) => {
    const front = el("div", {});
    const back = el("div", {});
    parts = [wall(front, deck, { laptop })];
    if (part === "wall") {
      document.body.dataset.wall = "yes";
      fill(root, front);
    } else {
      parts.push(desk(back, deck, { laptop, send: (type, body) => connection.send(type, body), session, token }));
      const tabs = {};
      const turn = (to) => {
        front.hidden = to !== "wall";
        back.hidden = to !== "desk";
        heading.hidden = to === "wall";  // the wall tells the title itself, and larger
        for (const [name, tab] of Object.entries(tabs)) tab.setAttribute("aria-pressed", String(name === to));
      };
      const heading = el("p", { class: "room-title" }, deck.title);
      tabs.desk = button("Your desk", () => turn("desk"));
      tabs.wall = button("The wall", () => turn("wall"));
      const second = el("a", { class: "button quiet", href: `#room/${session}/${encodeURIComponent(token)}/wall`, target: "_blank", rel: "noopener" }, "The wall in a window of its own");
      fill(root, el("div", { class: "room-head" }, heading, el("div", { class: "row" }, tabs.desk, tabs.wall, second)), back, front);
      turn("desk");
      offerTour([
        { at: () => back.querySelector(".desk-controls"), title: "Your controls", text: "Start, pause, skip to the next decision, give more time. The code for the teams stands here until the end." },
        { at: () => second, title: "The wall", text: "Open this window on the projector: the code, the clock and who has submitted. Nobody's sentence or move, until you show them." },
        { at: () => document.getElementById("teams"), title: "The teams", text: "Who is there, what each has spent and done. No team sees another's before the reveal." },
        { at: () => document.getElementById("injects"), title: "Calls and notes", text: "Most come by themselves; others go out when you send them. You can write one of your own." },
        { at: () => document.getElementById("plan"), title: "The plan", text: "Where the session should be, minute by minute, with the simulated time. Below it: sheets to print, and what is hidden until the end." },
      ]);
    }
    for (const [kind, body] of Object.entries(early)) if (body) for (const each of parts) each[kind](body);
  }, (problem) => {
    fill(root, el("section", { class: "card narrow" }, el("h1", {}, "The room does not open"), el("p", {}, problem.message)));
  });
  return () => { delete document.body.dataset.wall; };
}
