// What is chosen on the page, in one place: the upper half (odds) sets it, whoever wants it listens.

/**
 * Return a store.
 *
 *   chosen.get()          {start, does, values, command, posted, rows, hours, title, settled}
 *     start, does, values   as the server's word `Chosen` has them: send {start, does, values} to be understood
 *     command, posted, rows, hours, title   what the server made of it (empty or null before it answered)
 *     settled               whether the server has taken it: what is shown belongs to it
 *   chosen.set({...})     change some of it; everybody who listens is told once
 *   chosen.hear(f)        call f(state) now and at every change; returns a function that ends it
 *   chosen.word()         {start, does, values}: what to send
 */
export function makeChosen(first = {}) {
  let state = { start: "", does: "silent", values: {}, command: "", posted: true, rows: null, hours: null, title: "", settled: false, ...first };
  const listeners = new Set();
  return {
    get: () => state,
    word: () => ({ start: state.start, does: state.does, values: { ...state.values } }),
    set(changes) {
      state = { ...state, ...changes };
      for (const listener of [...listeners]) listener(state);
    },
    hear(listener) {
      listeners.add(listener);
      listener(state);
      return () => listeners.delete(listener);
    },
  };
}
