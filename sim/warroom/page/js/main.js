// Which view is shown: the first part of the URL's fragment names it, the rest is its own (see VIEWS).

import { Connection } from "./connection.js";
import { el, fill, say } from "./dom.js";
import { offerTour, withdrawTour } from "./tour.js";
import { stepsOf } from "./tours.js";

// #name/part/part -> js/views/name.js, which exports mount(root, connection, parts) -> function that takes it down,
// and may export `title` (a string) and `styles` (files of css/). `parts` are the pieces after the name, as texts.
const VIEWS = ["home", "explore", "lobby", "room", "wall", "join", "team", "debrief"];

const OPENING = { room: "Opening the session ...", wall: "Opening the session ...", team: "Opening the session ...", debrief: "Opening the session ..." };
const OWNERS = ["home", "explore", "lobby"];

const root = document.getElementById("view");
const line = document.getElementById("line");
let takeDown = () => {};
let turn = 0;

/** Return the view's name and the pieces of a fragment. */
export function route(fragment) {
  const [name = "", ...parts] = fragment.replace(/^#/, "").split("/").map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return "";
    }
  });
  return VIEWS.includes(name) ? [name, parts] : ["home", []];
}

function showLine(state, sentence) {
  line.dataset.state = state;
  const words = { open: "Connected", lost: "Connection lost, trying again", refused: "Not connected", closed: "" };
  say(line, words[state]);
  if (state === "refused" && sentence) line.title = sentence;
}

function styled(file) {
  if (document.querySelector(`link[data-file="${file}"]`)) return Promise.resolve();
  return new Promise((resolve) => {
    const link = el("link", { rel: "stylesheet", href: `/page/css/${file}`, data: { file } });
    link.addEventListener("load", resolve);
    link.addEventListener("error", resolve);
    document.head.append(link);
  });
}

// what one view calls .key is another thing in the next one
function wearOnly(files) {
  for (const link of document.querySelectorAll("link[data-file]")) link.disabled = !files.includes(link.dataset.file);
}

function failed(problem) {
  fill(
    root,
    el("section", { class: "card narrow" },
      el("h1", {}, "This does not open"),
      el("p", {}, problem.message || "The page could not be loaded."),
      el("p", {}, el("a", { class: "button", href: "#home" }, "To the start"))),
  );
}

async function show() {
  const [name, parts] = route(location.hash);
  turn += 1;
  const mine = turn;
  takeDown();
  takeDown = () => {};
  withdrawTour();
  document.body.dataset.view = name;
  fill(root, el("p", { class: "hint" }, OPENING[name] || "Opening the page ..."));
  say(line, "");
  try {
    const view = await import(`./views/${name}.js`).catch((problem) => {
      console.error(problem);
      throw new Error("This part of the page could not be loaded; load the page again.");
    });
    await Promise.all((view.styles || []).map(styled));
    if (mine !== turn) return;
    wearOnly(view.styles || []);
    document.title = `${view.title || "War room"} · Backfire`;
    say(document.getElementById("where"), view.title || "War room");
    const connection = new Connection(showLine);
    const unmount = view.mount(root, connection, parts);
    const steps = stepsOf(name, root);
    if (steps) offerTour(steps);
    takeDown = () => {
      if (typeof unmount === "function") unmount();
      connection.close();
    };
    root.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  } catch (problem) {
    console.error(problem);
    if (mine === turn) failed(problem);
  }
}

// the skip link and links within a view must not change the view
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  root.focus();
});
document.getElementById("brand").addEventListener("click", (event) => {
  event.preventDefault();
  const [name, [token]] = route(location.hash);
  // teams may sit at the same machine: only a view that was opened by the house link leads back by it
  location.hash = token && OWNERS.includes(name) ? `#home/${encodeURIComponent(token)}` : "#home";
});
window.addEventListener("hashchange", show);
show();
