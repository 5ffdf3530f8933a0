// The feed of an age band or of one simulated account: what was seen, newest first, in made-up words.

import { el, fill, say } from "../dom.js";
import { number, since } from "./live_words.js";

const KINDS = {
  original: "wrote", share: "passed on", post: "posted", statement: "stated", acknowledgement: "owned the complaint",
  reply: "answered", boost: "passed on", story: "reported",
};
const ROLES = { member: "an ordinary account", activist: "a committed critic", ally: "a committed supporter", journalist: "a journalist" };

function times(count) {
  return count === 1 ? "once" : `${number(count)} times`;
}

export class Feed {
  constructor(name) {
    this.list = el("ol", { class: "live-feed", tabindex: "0", role: "list", "aria-label": `Feed of run ${name}` });
    this.told = "";
    this.node = this.list;
  }

  show(items) {
    const told = JSON.stringify(items);
    if (told === this.told) return;
    this.told = told;
    if (!items || !items.length) {
      fill(this.list, el("li", { class: "hint" }, "Nothing was seen yet."));
      return;
    }
    fill(this.list, items.map((item) => el("li", { class: `live-item ${item.frame}` },
      el("p", { class: "live-who small" },
        el("span", { class: `badge ${item.frame}` }, item.frame), " ", `${item.who} ${KINDS[item.kind] || item.kind}`,
        el("span", { class: "live-when number" }, `seen at ${since(item.minute)}`)),
      el("p", { class: "live-text" }, item.text),
      item.shares > 0 || item.times > 1 ? el("p", { class: "small live-shares" }, [
        item.shares > 0 ? `passed on ${times(item.shares)} so far` : "",
        item.times > 1 ? `seen ${times(item.times)} here` : "",
      ].filter(Boolean).join(", ")) : null)));
  }
}

/** One simulated account: who it is and what it did. */
export class Account {
  constructor({ onDrop, onLeave }) {
    this.text = el("p", {});
    this.drop = el("button", { type: "button", class: "button", on: { click: onDrop } }, "Play B without this account");
    this.node = el("div", { class: "live-account note", hidden: true }, this.text,
      el("p", { class: "row" }, this.drop, el("button", { type: "button", class: "button quiet", on: { click: onLeave } }, "Back to the age band")));
  }

  show(account) {
    this.node.hidden = !account;
    if (!account) return;
    const { row, cohort, community, role, followers, follows, seen, acts, grievance, support, added } = account;
    this.drop.hidden = added;
    say(this.text, `Simulated account ${number(row)}: ${ROLES[role]} aged ${cohort}${community === "other" ? "" : `, ${community}`}; `
      + `${number(followers)} followers, follows ${number(follows)}; grievance ${grievance.toFixed(2)}, support ${support.toFixed(2)}. `
      + `It has seen ${number(seen[0])} campaign and ${number(seen[1])} counter messages and put out ${number(acts)}. It stands for nobody.`);
  }
}
