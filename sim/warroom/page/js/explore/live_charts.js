// The timeline of a run (messages an hour by frame; trending, newsrooms and moves marked) and its age bands.

import { chart } from "../chart.js";
import { el, fill, say, svg } from "../dom.js";
import { number, percent, since } from "./live_words.js";

/** Return the width of a bin (minutes) for a run of so many minutes. */
export function binWidth(minutes) {
  if (minutes <= 120) return 5;
  if (minutes <= 480) return 10;
  return minutes <= 1440 ? 30 : 60;
}

/** Return columns for the chart: hours at the middle of each bin, campaign and counter messages an hour. */
export function binned(run, width) {
  const hours = [];
  const rates = { campaign: [], counter: [] };
  for (let first = 0; first < run.minute; first += width) {
    const last = Math.min(first + width, run.minute);
    hours.push((first + last) / 120);
    for (const name of ["campaign", "counter"]) rates[name].push(((run.sums[name][last] - run.sums[name][first]) * 60) / (last - first));
  }
  return [hours, rates.campaign, rates.counter];
}

export class Timeline {
  constructor(root, labels) {
    this.labels = labels;
    this.top = 1;
    this.until = 1;
    this.run = null;
    this.list = el("p", { class: "hint live-marks" });
    this.made = chart(root, {
      title: "Messages an hour",
      x: { label: "Time since the post", unit: "hours", range: () => [0, this.until] },
      y: { label: "Messages", unit: "an hour", range: () => [0, this.top] },
      series: [{ name: "campaign", look: "campaign" }, { name: "counter", look: "counter" }],
      height: 250,
      told: (value) => number(value),
    });
    this.made.node.append(this.list);
    this.made.plot.hooks.draw.unshift((plot) => this.drawMarks(plot));
  }

  /** Draw a run with a scale that may be shared; `minute` is where the page looks. */
  show(run, { top, until, minute, columns }) {
    this.run = run;
    this.top = top;
    this.until = until;
    this.made.set(columns);
    this.made.mark(minute < run.minute ? minute / 60 : null);
    const { all, share, isTrending } = run.totals(minute);
    this.made.say(`${number(all)} messages after ${since(minute)}, ${percent(share)} of them counter messages${isTrending ? "; the tag is trending" : ""}.`);
    const told = run.moves.map(([at, move]) => `${this.labels[move] || move} (minute ${number(at)})`);
    const stories = run.sums.stories[run.minute];
    const trend = run.columns.trending.indexOf(1);
    say(this.list, [
      told.length ? `Moves, marked by dashed lines: ${told.join("; ")}.` : "No move so far.",
      trend >= 0 ? `Trending first after ${since(trend)} (yellow strip at the top).` : "",
      stories ? `Newsroom stories: ${number(stories)} (triangles).` : "",
    ].filter(Boolean).join(" "));
  }

  drawMarks(plot) {
    const { run } = this;
    if (!run) return;
    const { ctx, bbox } = plot;
    const at = (minute) => Math.round(plot.valToPos(minute / 60, "x", true));
    const unit = devicePixelRatio || 1;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.fillStyle = "#e3c75a";
    const { trending, stories } = run.columns;
    for (let first = 0; first < trending.length; first += 1) {
      if (trending[first] !== 1) continue;
      let last = first;
      while (last < trending.length && trending[last] === 1) last += 1;
      ctx.fillRect(at(first), bbox.top, Math.max(unit, at(last) - at(first)), 5 * unit);
      first = last;
    }
    ctx.fillStyle = "#1b1f24";
    stories.forEach((count, minute) => {
      if (!count) return;
      const x = at(minute);
      ctx.beginPath();
      ctx.moveTo(x - 4 * unit, bbox.top + 6 * unit);
      ctx.lineTo(x + 4 * unit, bbox.top + 6 * unit);
      ctx.lineTo(x, bbox.top + 13 * unit);
      ctx.fill();
    });
    ctx.strokeStyle = "#59616a";
    ctx.setLineDash([4 * unit, 3 * unit]);
    ctx.lineWidth = 1.5 * unit;
    for (const [minute] of run.moves) {
      ctx.beginPath();
      ctx.moveTo(at(minute), bbox.top);
      ctx.lineTo(at(minute), bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  }

  remove() {
    this.made.remove();
  }
}

const FIGURES = [
  ["reached", "Saw it", "share of the band that saw at least one message"],
  ["acting", "Took part", "share of the band that wrote or passed on"],
  ["grievance", "Grievance", "mean, from 0 to 1, as the campaign would leave it now; the line shows its change since the post"],
];

/** Return a change with its sign. */
function signed(value) {
  return `${value < -0.0005 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
}

const WIDTH = 120;
const HEIGHT = 34;

/** Small multiples: a row an age band, a column a figure, a line a run. */
export class Bands {
  constructor(cohorts) {
    this.cohorts = cohorts;
    this.cells = cohorts.map(() => FIGURES.map(() => ({ text: el("span", { class: "number" }), plot: svg("svg", { class: "live-spark", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" }) })));
    this.note = el("p", { class: "hint" });
    this.table = el("table", { class: "live-bands" },
      el("caption", {}, "Each line runs from the post to now, and all lines of a column share one scale; A is solid, B dashed. Grievance: the mean, from 0 to 1, as the campaign would leave it now; its line, and the number with a sign, is the change since the post."),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Age"), FIGURES.map(([, title, text]) => el("th", { scope: "col", title: text }, title)))),
      el("tbody", {}, cohorts.map((cohort, band) => el("tr", {}, el("th", { scope: "row" }, cohort),
        this.cells[band].map(({ text, plot }) => el("td", {}, text, plot))))));
    this.node = el("div", {}, this.table);
  }

  /** Draw the runs (A, and B if there is one) up to a minute. */
  show(runs, minute, live) {
    const drawn = runs.map((run) => {
      const kept = run.readings.minutes.filter((at) => at <= minute).length;
      const minutes = run.readings.minutes.slice(0, kept);
      const bands = run.readings.bands.slice(0, kept);
      if (live && run.now && minutes[minutes.length - 1] !== minute) {
        minutes.push(minute);
        bands.push(run.now);
      }
      return { minutes, bands };
    });
    FIGURES.forEach(([name], k) => {
      const isChange = name === "grievance";
      const level = (bands, j, band) => (bands[j][band][k] === null ? null : bands[j][band][k] - (isChange ? bands[0][band][k] : 0));
      let [low, high] = isChange ? [-0.005, 0.01] : [0, 0.02];
      for (const { bands } of drawn) {
        for (let j = 0; j < bands.length; j += 1) {
          for (let band = 0; band < this.cohorts.length; band += 1) {
            const value = level(bands, j, band);
            if (value === null) continue;
            low = Math.min(low, value);
            high = Math.max(high, value);
          }
        }
      }
      this.cohorts.forEach((_, band) => {
        const { text, plot } = this.cells[band][k];
        const lines = drawn.map(({ minutes, bands }, which) => svg("polyline", {
          class: which ? "b" : "a",
          points: minutes.map((at, j) => [at, level(bands, j, band)]).filter(([, value]) => value !== null)
            .map(([at, value]) => `${((WIDTH * at) / Math.max(1, minute)).toFixed(1)},${(HEIGHT - 2 - ((HEIGHT - 4) * (value - low)) / (high - low)).toFixed(1)}`).join(" "),
        }));
        fill(plot, lines);
        say(text, drawn.map(({ bands }) => {
          const value = bands.length ? bands[bands.length - 1][band][k] : null;
          if (value === null) return "none";
          if (!isChange) return percent(value);
          const change = signed(level(bands, bands.length - 1, band));
          return drawn.length > 1 ? change : `${value.toFixed(3)} (${change})`;
        }).join(" · "));
      });
    });
  }
}
