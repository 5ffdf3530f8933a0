// What if: a branch at the minute that the page looks at, a move or another policy now. Nothing here is sought out:
// whom to leave out and what to try is said by hand.

import { button, el, field, fill, say } from "../dom.js";
import { number, since } from "./live_words.js";

function options(pairs) {
  return pairs.map(([value, text]) => el("option", { value }, text));
}

export class WhatIf {
  /**
   * @param {object} offer what the server offers: policies (`does`), moves, most_added.
   * @param {(body: object) => Promise} onBranch branches with a body of `live_branch`, its minute left out.
   * @param {(type: string, body: object) => Promise} onNow sends `live_move` or `live_policy`.
   * @param {() => void} onSingle leaves the branch.
   */
  constructor({ offer, onBranch, onNow, onSingle }) {
    const policies = offer.does.filter(({ does }) => !["do_not_post", "listen_first"].includes(does)).map(({ does, title }) => [does, title]);
    const moves = offer.moves.filter(({ move }) => move !== "silent").map(({ move, label }) => [move, label]);
    const assumed = Object.fromEntries(offer.moves.map((each) => [each.move, each.assumed]));
    this.isReal = false;
    this.kind = el("select", { on: { change: () => this.turn() } }, options([
      ["move", "makes a move in that minute"],
      ["policy", "follows another policy from that minute on"],
      ["dropped", "lacks one simulated account, from the start"],
      ["added", "has more committed critics, from the start"],
      ["none", "goes on as A, to be changed later"],
    ]));
    this.move = el("select", {}, options(moves));
    this.policy = el("select", {}, options(policies));
    this.dropped = el("input", { type: "number", min: 0, step: 1, inputmode: "numeric" });
    this.added = el("input", { type: "number", min: 1, max: offer.most_added, step: 1, value: 1, inputmode: "numeric" });
    this.followers = el("input", { type: "number", min: 0, max: 100000, step: 1, value: 100, inputmode: "numeric" });
    this.parts = {
      move: [field("Move", this.move)],
      policy: [field("Policy", this.policy)],
      dropped: [field("Number of the account", this.dropped, "Click a dot to take its number. Any account can be left out; none is proposed.")],
      added: [field("How many", this.added), field("Followers of each", this.followers)],
      none: [],
    };
    this.which = el("div", { class: "live-which" });
    this.branchButton = button("Branch", () => this.try(async () => onBranch(this.body())), { class: "primary" });
    this.single = button("Leave B", () => this.try(async () => onSingle()), {});
    this.state = el("p", { class: "note", hidden: true });
    this.problem = el("p", { class: "warn", role: "alert", hidden: true });

    this.run = el("select", {}, options([["a", "A"], ["b", "B"]]));
    this.nowMove = el("select", { on: { change: () => say(this.assumed, assumed[this.nowMove.value]) } }, options(moves));
    this.assumed = el("span", {}, assumed[moves[0][0]]);
    this.nowPolicy = el("select", {}, options(policies));
    this.runField = field("In run", this.run);
    const now = el("div", { class: "live-now" },
      el("h3", {}, "Now, in mid-run"),
      this.runField,
      el("div", { class: "live-pair" }, field("Move", this.nowMove),
        button("Make this move", () => this.try(() => onNow("live_move", { run: this.run.value, move: this.nowMove.value })))),
      el("div", { class: "live-pair" }, field("Policy", this.nowPolicy),
        button("Change the policy", () => this.try(() => onNow("live_policy", { run: this.run.value, policy: this.nowPolicy.value })))),
      el("p", { class: "hint" }, "Assumed of this move: ", this.assumed, " How strongly it works no documented case tells. What is changed counts from the next minute on."));
    this.where = el("p", {});
    this.node = el("section", { class: "card live-whatif", "aria-labelledby": "whatif-title" },
      el("h2", { id: "whatif-title" }, "What if"),
      this.problem, this.state,
      el("div", { class: "live-two" },
        el("div", {}, el("h3", {}, "Branch: B beside A, on the same luck"), this.where,
          field("In B, the campaign", this.kind), this.which,
          el("p", { class: "row" }, this.branchButton, this.single)),
        now),
      el("p", { class: "small" }, "Not posting, listening first and answering people are choices too: try them above. Counter messages are speech; a quieter crowd is not the aim."));
    this.turn();
    this.tell(null);
  }

  /** Show the fields of the chosen kind. */
  turn() {
    fill(this.which, this.parts[this.kind.value]);
  }

  body() {
    const kind = this.kind.value;
    if (kind === "move") return { move: this.move.value };
    if (kind === "policy") return { policy: this.policy.value };
    if (kind === "dropped") {
      if (this.dropped.value === "") throw new Error("Give the number of an account, or click a dot.");
      return { dropped: Number(this.dropped.value) };
    }
    if (kind === "added") return { added: Number(this.added.value), followers: Number(this.followers.value) };
    return {};
  }

  async try(what) {
    this.problem.hidden = true;
    try {
      await what();
    } catch (problem) {
      this.problem.hidden = false;
      say(this.problem, problem.message);
    }
  }

  /** Say where a branch would part. */
  at(minute) {
    say(this.where, `B parts from A at minute ${number(minute)}, where the page looks now (${since(minute)} after the post). Move the scrubber to part earlier.`);
    say(this.branchButton, `Branch at minute ${number(minute)}`);
  }

  /** Take the number of an account that was clicked. */
  propose(row) {
    this.dropped.value = String(row);
  }

  /** Say what B is: the body of its branch, or null. */
  tell(branch) {
    this.single.hidden = !branch;
    this.state.hidden = !branch;
    this.runField.hidden = !branch;
    if (!branch) this.run.value = "a";
    else say(this.state, `B: as A, ${branch.by}.`);
  }

  /** On a real graph nobody is left out or added. */
  realGraph() {
    for (const option of [...this.kind.options]) if (["dropped", "added"].includes(option.value)) option.remove();
    this.turn();
  }
}
