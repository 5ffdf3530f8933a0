// The odds: a strip that stays in sight, four ends with their intervals, and what stands beside the choice.

import { el, fill, say, tip } from "../dom.js";

const ENDS = [["hijacked", "hijacked"], ["contested", "contested"], ["viral_positive", "viral positively"], ["fizzled", "fizzled"]];

function bar(end) {
  const band = el("div", { class: "band" });
  const point = el("div", { class: "point" });
  const node = el("div", { class: `odds-bar ${end}`, "aria-hidden": "true" }, band, point);
  return {
    node,
    show({ p, lo, hi }) {
      band.style.setProperty("--lo", lo);
      band.style.setProperty("--hi", hi);
      point.style.setProperty("--p", p);
      node.classList.add("known");
    },
    forget: () => node.classList.remove("known"),
  };
}

/** The strip goes into one place, how it ends into another. */
export function mountVerdict(root, below) {
  const big = el("span", { class: "big number" }, "–");
  const wide = el("span", { class: "wide number" });
  const mark = el("span", { class: "badge", hidden: true });
  const strip = el("div", { class: "strip", role: "group", "aria-label": "Odds of a hijack" },
    el("div", { class: "strip-number" }, big, el("span", { class: "strip-word" }, tip("hijacked")), wide), el("div", { class: "strip-state" }, mark));
  const lead = bar("hijacked");
  strip.append(lead.node);
  const rows = ENDS.map(([end, term]) => {
    const one = { end, bar: bar(end), said: el("td", { class: "number" }, "–"), interval: el("td", { class: "number soft" }) };
    one.node = el("tr", {}, el("th", { scope: "row" }, tip(term)), one.said, el("td", { class: "wide-cell" }, one.bar.node), one.interval);
    return one;
  });
  const sentence = el("p", { class: "said", role: "status" });
  const volumes = el("div", { class: "volumes" });
  const shapes = el("p", { class: "note", hidden: true });
  const building = el("p", { class: "note building", role: "status", hidden: true });
  const table = el("table", { class: "ends-table" }, el("caption", {}, "How it ends: ", tip("odds"), " with their 95 % ", tip("interval", undefined, "intervals")),
    el("tbody", {}, rows.map((row) => row.node)));
  root.append(strip);
  below.append(el("section", { class: "card ends-card", "aria-label": "Odds" }, building, sentence, table, volumes, shapes));
  let spoken = 0;

  return {
    building(text) {
      building.hidden = !text;
      say(building, text);
    },
    waiting() {
      strip.classList.add("stale");
    },
    // odds of the choice before a newer one, which the server has not taken yet, stay marked as such
    show(body, outdated = false) {
      strip.classList.toggle("stale", outdated);
      strip.classList.toggle("standing-in", Boolean(body.stand_in));
      if (!body.ends) return;
      const { hijacked } = body.ends;
      say(big, hijacked.said);
      say(wide, hijacked.interval);
      lead.show(hijacked);
      for (const row of rows) {
        const end = body.ends[row.end];
        row.bar.show(end);
        say(row.said, end.said);
        say(row.interval, end.interval);
      }
      mark.hidden = false;
      mark.classList.toggle("contested", Boolean(body.stand_in));
      say(mark, body.stand_in
        ? `stand-in of ${body.stand_in.rows.toLocaleString("en")}; ${body.runs} of ${body.of} full runs`
        : body.done ? `${body.of} runs` : `${body.runs} of ${body.of} runs`);
      // readers of the screen hear the first and the last estimate, not each one between
      const now = performance.now();
      if (body.done || now - spoken > 2500) {
        spoken = now;
        say(sentence, body.said);
      }
      fill(volumes, body.volumes.map((text) => el("p", {}, text)));
      shapes.hidden = !body.shapes;
      say(shapes, body.shapes);
    },
    notPosted(text) {
      strip.classList.remove("stale", "standing-in");
      say(big, "0 %");
      say(wide, "");
      lead.show({ p: 0, lo: 0, hi: 0 });
      for (const row of rows) {
        row.bar.forget();
        say(row.said, "–");
        say(row.interval, "");
      }
      mark.hidden = false;
      mark.classList.remove("contested");
      say(mark, "not posted");
      say(sentence, text);
      fill(volumes);
      shapes.hidden = true;
      building.hidden = true;
    },
    fresh() { spoken = 0; },
  };
}

export function mountBeside(root) {
  const body = el("tbody");
  const section = el("section", { class: "card", hidden: true, "aria-labelledby": "beside-title" },
    el("h2", { id: "beside-title" }, "What stands beside it"),
    el("table", { class: "beside" },
      el("caption", {}, "On the ", tip("same luck"), ": odds of a hijack, and the difference to the choice above"),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "What you do"), el("th", { scope: "col" }, "Hijacked"), el("th", { scope: "col" }, "Difference"))), body),
    el("p", { class: "hint" }, "How much listening takes off grievance is assumed (its sign is sourced); move “Grievance that long listening takes” to see what hangs on it."));
  root.append(section);
  return {
    show(rows) {
      section.hidden = rows.length === 0;
      fill(body, rows.map((row) => el("tr", {},
        el("th", { scope: "row" }, row.option === "as_is" ? "What you chose" : row.title),
        el("td", { class: "number" }, row.said, " ", row.interval && el("span", { class: "soft" }, row.option === "do_not_post" ? "" : `(${row.interval})`)),
        el("td", { class: "number" }, row.change || "–"))));
    },
    hide() { section.hidden = true; },
  };
}
