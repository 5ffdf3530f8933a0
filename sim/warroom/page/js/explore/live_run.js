// What the page knows of one run that is being lived: every change of a shown account, every minute's counts.
//
// The server tells only what is new; the past is kept here, so that the scrubber needs nobody.

export const UNEXPOSED = 0;
export const SAW = 1;
export const CAMPAIGN = 2;
export const COUNTER = 3;
const COLUMNS = ["campaign", "counter", "reached", "agency", "stories", "trending"];

export class RunHistory {
  constructor(nodes, bands) {
    this.nodes = nodes;
    this.bands = bands;
    this.clear();
  }

  clear() {
    this.changes = []; // minute, place, state, minute, place, state ...
    this.states = new Uint8Array(this.nodes);
    this.columns = Object.fromEntries(COLUMNS.map((name) => [name, []]));
    this.sums = Object.fromEntries(COLUMNS.map((name) => [name, [0]]));
    this.moves = [];
    this.participants = 0;
    this.readings = { minutes: [], bands: [] };
    this.now = null;
    this.feed = null;
    this.account = null;
  }

  /** Minutes lived through. */
  get minute() {
    return this.columns.campaign.length;
  }

  /** Take in what is new (the body of a frame for this run). */
  add({ nodes = [], minutes, moves, participants }) {
    for (let j = 0; j < nodes.length; j += 3) {
      this.changes.push(nodes[j], nodes[j + 1], nodes[j + 2]);
      this.states[nodes[j + 1]] = nodes[j + 2];
    }
    for (let j = 0; j < minutes.length; j += COLUMNS.length) {
      COLUMNS.forEach((name, k) => {
        const sums = this.sums[name];
        this.columns[name].push(minutes[j + k]);
        sums.push(sums[sums.length - 1] + minutes[j + k]);
      });
    }
    this.moves.push(...moves);
    this.participants = participants;
  }

  /** Take in what is told more rarely. */
  addAside({ minutes, bands, now, feed = null, account = null }) {
    this.readings.minutes.push(...minutes);
    this.readings.bands.push(...bands);
    this.now = now;
    this.feed = feed;
    this.account = account;
  }

  /** Return the states after so many minutes (0 to 3, one of each shown account). */
  statesAt(minute) {
    if (minute >= this.minute) return this.states;
    const states = new Uint8Array(this.nodes);
    for (let j = 0; j < this.changes.length && this.changes[j] < minute; j += 3) states[this.changes[j + 1]] = this.changes[j + 2];
    return states;
  }

  /** Return what the run had come to after so many minutes. */
  totals(minute) {
    const at = Math.min(minute, this.minute);
    const told = Object.fromEntries(COLUMNS.map((name) => [name, this.sums[name][at]]));
    const all = told.campaign + told.counter;
    return { ...told, all, share: all ? told.counter / all : null, isTrending: at > 0 && this.columns.trending[at - 1] === 1 };
  }

  /** Return how many shown accounts are in each state. */
  static counts(states) {
    const counts = [0, 0, 0, 0];
    for (const state of states) counts[state] += 1;
    return counts;
  }
}
