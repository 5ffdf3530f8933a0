// What can be done here: explore alone, run a training session, or join one with a code.

import { button, el, field, fill } from "../dom.js";
import { offerTour } from "../tour.js";

export const title = "War room";

export function mount(root, connection, [token]) {
  const explore = el("section", { class: "card door", "aria-labelledby": "explore-title" },
    el("h2", { id: "explore-title" }, "Explore"),
    el("p", {}, "Choose a documented case or write a post, move its settings, and watch the odds change. Play a campaign minute by minute and branch it."));
  const train = el("section", { class: "card door", "aria-labelledby": "train-title" },
    el("h2", { id: "train-title" }, "Run a training session"),
    el("p", {}, "Teams answer a campaign under a clock, each from its own browser. Afterwards they see what another answer would have done, with the same crowd and the same luck."));
  const code = el("input", { name: "code", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: 12, required: true, class: "code" });
  const join = el("section", { class: "card door", "aria-labelledby": "join-title" },
    el("h2", { id: "join-title" }, "Join with a code"),
    el("p", {}, "Your trainer shows a code of six letters and digits."),
    el("form", { on: { submit: (event) => {
      event.preventDefault();
      const typed = code.value.replace(/[^A-Za-z0-9]/g, "").toUpperCase();
      if (typed) location.hash = `#join/${typed}`;
    } } }, field("Code", code), el("button", { type: "submit", class: "button primary" }, "Join")));

  const doors = el("div", { class: "doors" });
  fill(root,
    el("div", { class: "opening" },
      el("h1", {}, "Will this post backfire?"),
      el("p", { class: "lead" }, "A simulated crowd meets a public call. Some pass it on, some turn it against its sender. Try what you would do.")),
    doors,
    el("p", { class: "small" }, "Everything runs on this machine, with made-up people and made-up sentences. Counter messages are speech, not noise: nothing here helps to silence anybody."));

  connection.open({ as: "visitor", token: token || null }).then(({ owner }) => {
    if (owner) {
      explore.append(el("a", { class: "button primary", href: `#explore/${encodeURIComponent(token)}` }, "Explore"));
      train.append(el("a", { class: "button primary", href: `#lobby/${encodeURIComponent(token)}` }, "Choose a deck"));
      fill(doors, explore, train, join);
    } else {
      const closed = el("p", { class: "hint" }, "Open the link that ", el("code", {}, "backfire serve"), " printed to explore or to run a session.");
      fill(doors, join, el("section", { class: "card door pale" }, el("h2", {}, "Explore, or run a session"), closed));
    }
    offerTour([
      { at: () => root.querySelector(".opening"), title: "What this is", text: "A sender posts a call. Simulated followers with grievances and goodwill see it; each ignores it, passes it on, joins in, or turns it round. Nothing here is about real people." },
      { at: () => explore.isConnected && explore, title: "Explore, alone", text: "Move a setting and the odds follow within a second; they sharpen as more simulated runs come in." },
      { at: () => train.isConnected && train, title: "Train, together", text: "Pick one of the decks: a campaign, its decisions, and a plan for 90 minutes. You get a code for the wall; up to 12 teams join with it." },
      { at: () => join, title: "Join", text: "On a phone, a team types the code. It then sees what an agency would see: late and imprecise counts, a few messages, press calls. It writes its answer before the clock ends." },
      { at: () => root.querySelector(".small"), title: "Luck and judgement", text: "Afterwards, 200 other courses of each decision tell luck and judgement apart. The score weighs trust, grievance, questions answered and honest odds, never how few critics spoke." },
    ]);
  }, (problem) => {
    fill(doors, el("section", { class: "card" }, el("h2", {}, "This link does not open"), el("p", {}, problem.message),
      button("Try again", () => location.reload())));
  });
  fill(doors, el("p", { class: "hint" }, "Connecting ..."));
}
