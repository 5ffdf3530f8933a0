// What the two-minute tour says in the views that fill themselves later, and where it points; the other views offer
// their own. A step whose place is not shown is left out.

const TOURS = {
  explore: [
    [".chooser", "What would you post?", "Start from a documented case, or from a post of your own, and say what you would do afterwards. Not posting and listening first stand beside it."],
    [".settings-panel .setting", "Move a setting", "How open is the ask? How aggrieved is the audience? Each setting has its unit, its plausible range and its source; what is assumed says so."],
    [".strip", "The odds follow", "In how many of 100 runs the post ends hijacked. A first estimate comes within a second; its band narrows as more runs come in."],
    [".phase-hold", "You are here", "The same odds over two settings at once. Where the colour turns, a small change of plan is worth most."],
    [".command", "Take it with you", "The same question as a command: it makes the same runs and writes a report."],
    [".explore-live", "Minute by minute", "Play one run: who speaks, what a follower sees, what the counts do. Branch it at any minute and try something else on the same luck."],
  ],
  lobby: [
    [".decks .deck", "Choose a deck", "A deck is an exercise: a campaign, its decisions, and what comes in between. Each has a plan of 90 minutes and sheets to print."],
    [".lobby-side .field", "How many teams?", "Three to five people each. Four teams are a good first session, eight a full one, twelve the most."],
    [".lobby-side .check", "No network?", "One laptop goes from team to team; the rest is paper."],
    [".sessions", "Come back later", "A session outlives a restart. It waits here, paused."],
  ],
};

const shown = (root, place) => [...root.querySelectorAll(place)].find((node) => node.checkVisibility() && node.getBoundingClientRect().height > 0) || null;

/** Return the steps of a view's tour for tour.js; null if the view offers its own, or none. */
export function stepsOf(view, root) {
  const steps = TOURS[view];
  return steps ? steps.map(([place, title, text]) => ({ at: () => shown(root, place), title, text })) : null;
}
