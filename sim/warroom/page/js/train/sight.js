// What an agency sees of its campaign: counts that are late and partly misread, a few messages, hours spent.

import { chart } from "../chart.js";
import { el, fill, say, tip } from "../dom.js";
import { hours, timeOfDay } from "./words.js";

const LATE = "What your staff has counted: some minutes old, rounded, and some messages taken for the other side's.";

function figure(label, value, note) {
  return el("div", { class: "figure" }, el("p", { class: "figure-label" }, label), value, note);
}

/** Return what is seen: {counted, heard, purse, sight(body), feed(body), clock(body), remove()}; the first three are nodes. */
export function sightCard({ budget }) {
  const rate = el("p", { class: "figure-value number" }, "–");
  const share = el("p", { class: "figure-value number" }, "–");
  const total = el("p", { class: "figure-value number" }, "–");
  const age = el("p", { class: "small" }, "Nothing is known yet.");
  const news = el("p", { class: "row news" });
  const spent = el("p", { class: "small number" });
  const meter = el("meter", { class: "budget", min: 0, max: Math.max(budget, 0.1), "aria-label": "Working hours spent" });
  const stage = el("div", {});
  const list = el("ol", { class: "feed" });
  const none = el("p", { class: "small" }, "No message has reached your desk yet.");
  const counted = el("section", { class: "card", id: "see-counts", "aria-labelledby": "counted" },
    el("h2", { id: "counted" }, "What you have counted ", tip("late and imprecise", LATE, "?")), age,
    el("div", { class: "figures" },
      figure("Messages, last hour", rate, el("p", { class: "small" }, "as counted")),
      figure("Against you", share, el("p", { class: "small" }, "of that hour, about")),
      figure("Since the start", total, el("p", { class: "small" }, "messages"))),
    news, stage);
  const heard = el("section", { class: "card", id: "see-messages", "aria-labelledby": "heard" },
    el("h2", { id: "heard" }, "A few of the messages"),
    el("p", { class: "small" }, "Made-up sentences. They show what is said, not how often."), none, list);
  const purse = el("section", { class: "card", "aria-labelledby": "purse" },
    el("h2", { id: "purse" }, "Working hours"), meter, spent);
  let hour = null;
  let drawn = null;
  let width = null;
  let unposted = false;
  const show = (counts) => {
    age.textContent = (unposted ? "You did not post: hardly anything can come. " : "") + (counts.known > 0
      ? `Counted up to ${timeOfDay(hour, counts.known)}. What came later is not known yet.`
      : "Nothing has been counted yet: counts come late.");
    say(rate, counts.known ? counts.hour : "–");
    say(share, counts.share === null ? "–" : `${counts.share}\u00a0%`);
    say(total, counts.known ? counts.total : "–");
    fill(news,
      counts.trending && el("span", { class: "badge contested" }, "The tag trends"),
      counts.stories > 0 && el("span", { class: "badge" }, `${counts.stories} news ${counts.stories === 1 ? "story" : "stories"}`),
      counts.followers !== 0 && el("span", { class: "badge" }, `Followers ${counts.followers > 0 ? "+" : "−"}${Math.abs(counts.followers)}`));
    if (!drawn && counts.campaign.length > 1) {
      width = counts.width;
      drawn = chart(stage, {
        title: `Messages counted, by ${width} minutes`,
        x: { label: "Time since the start", unit: "hours" },
        y: { label: "Messages", range: (_, low, high) => [0, Math.max(4, (high || 0) * 1.1)] },
        series: [{ name: "For the call", look: "campaign" }, { name: "Against it", look: "counter" }],
        height: 200,
        told: (value) => String(value),
      });
    }
    if (drawn && counts.width === width) {
      const x = counts.campaign.map((_, k) => ((k + 0.5) * width) / 60);
      drawn.set([x, counts.campaign, counts.counter]);
    }
  };
  const clear = () => {
    if (drawn) drawn.remove();
    drawn = null;
    fill(stage);
    fill(news);
    for (const node of [rate, share, total]) say(node, "–");
    say(age, "Nothing is known yet.");
  };
  return {
    counted,
    heard,
    purse,
    sight({ counts, spent: used }) {
      if (counts) show(counts);
      else clear();
      const left = budget - used;
      meter.value = Math.min(used, budget);
      say(spent, left >= 0 ? `${hours(used)} of ${hours(budget)} spent, ${hours(left)} left` : `${hours(used)} spent: ${hours(-left)} more than the ${hours(budget)} there were`);
    },
    feed({ messages }) {
      none.hidden = messages.length > 0;
      fill(list, messages.map(({ minute, text, shares }) =>
        el("li", {}, el("p", {}, text), el("p", { class: "small number" }, `${timeOfDay(hour, minute)}${shares ? ` · passed on ${shares === 1 ? "once" : `${shares} times`}` : ""}`))));
    },
    clock(clock) {
      hour = clock.hour;
    },
    team(body) {
      unposted = Boolean(body.unposted);
    },
    remove() {
      if (drawn) drawn.remove();
    },
  };
}
