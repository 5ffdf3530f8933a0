// The decision: a move, a sentence, an argument, a confidence; a draft that the whole team shares until it is closed.
// While somebody writes, the draft is sent now and then, never again before the last one has arrived.

import { el, field, fill, newId, say } from "../dom.js";
import { changedWords, hours, insteadWords, moveOf, price } from "./words.js";

const WAIT = 600;
const MINE = 1500;
const WRITING = 4000;

/**
 * Return the parts of a decision: {situation, card, show(team, phase), sight(body), remove()}; the first two are nodes.
 * send(type, body) sends.
 */
export function decisionForm({ deck, member, budget, send, laptop }) {
  let asked = null;
  let team = null;
  let timer = null;
  let touched = 0;
  let stated = false;
  let flying = false;
  let again = false;
  let writes = null;
  let before = "";
  let sent = false;
  let prices = {};
  let left = budget;
  const told = el("p", { class: "lead" });
  const situation = el("section", { class: "card situation", id: "see-situation", "aria-labelledby": "situation", hidden: true }, el("h2", { id: "situation" }, "The situation"), told);
  const question = el("h2", { id: newId("question") });
  const sentence = el("textarea", { maxlength: 280, rows: 3 });
  const argument = el("textarea", { maxlength: 500, rows: 3 });
  const confidence = el("input", { type: "range", min: 0, max: 100, step: 5, value: 50 });
  const percent = el("output", { class: "percent number" }, "50 %");
  const choices = el("div", { class: "choices" });
  const state = el("p", { class: "note", role: "status", hidden: true });
  const writer = el("p", { class: "small", role: "status" });
  const wrong = el("p", { class: "warn", role: "alert", hidden: true });
  const submit = el("button", { type: "submit", class: "button primary wide" }, "Submit the decision");
  const hint = el("details", { class: "a-hint" }, el("summary", {}, "A hint"), el("p", {}));
  const assumed = el("details", { class: "assumed" });
  const group = newId("move");

  const named = (move) => moveOf(deck, move, asked.minute);
  const wordless = (move) => move === "silent" || (move === "withdraw" && asked.minute === 0);
  const read = () => ({
    decision: asked.id,
    sentence: sentence.value.trim(),
    move: (choices.querySelector("input:checked") || { value: null }).value,
    argument: argument.value.trim(),
    confidence: Number(confidence.value),
    ...(laptop ? { team } : {}),
  });
  const share = () => {
    timer = null;
    if (!asked) return;
    again = flying;
    if (flying) return;
    flying = true;
    send("draft", { ...read(), confidence: stated ? Number(confidence.value) : null }).catch(() => {}).finally(() => {
      flying = false;
      if (again) share();
    });
  };
  const draft = () => {
    touched = Date.now();
    if (timer === null) timer = setTimeout(share, WAIT);
  };
  const stop = () => {
    clearTimeout(timer);
    timer = null;
    again = false;
  };
  const fault = (text) => {
    wrong.hidden = !text;
    say(wrong, text || "");
    if (text) wrong.scrollIntoView({ block: "nearest" });
  };
  const form = el("form", { class: "stack", on: {
    input: draft,
    submit: (event) => {
      event.preventDefault();
      const said = read();
      if (!said.move) return fault("Choose a move first.");
      if (!said.sentence && !wordless(said.move)) return fault("Write the sentence that you would put out, or say nothing.");
      stop();
      submit.disabled = true;
      return send("decide", said).then(
        () => {
          fault("");
          sent = true;
        },
        (problem) => fault(problem.message),
      ).finally(() => { submit.disabled = false; });
    },
  } },
  el("fieldset", { class: "moves" }, el("legend", {}, "Your move"), choices),
  assumed,
  field("Your sentence: what would you put out?", sentence, "At most 280 letters. The facilitator reads it and says which move it is."),
  field("Why? (your argument)", argument, "For the talk afterwards; at most 500 letters."),
  el("div", { class: "field" },
    el("label", { for: (confidence.id = newId("confidence")) }, "How sure are you that the campaign does not end hijacked?"),
    el("div", { class: "confidence" }, confidence, percent),
    el("p", { class: "hint" }, "0 %: it surely ends hijacked. 100 %: it surely does not. You are scored on how well this fits.")),
  wrong, el("div", { class: "submit" }, submit, writer), state);
  confidence.addEventListener("input", () => {
    stated = true;
    say(percent, `${confidence.value} %`);
  });
  const card = el("section", { class: "card decision", id: "see-decision", "aria-labelledby": question.id, hidden: true }, question, hint, form);

  const costs = () => {
    for (const option of choices.querySelectorAll("label")) {
      const cost = prices[option.dataset.move];
      const dear = cost && (cost.hours > left || (cost.each > 0 && left <= 0));
      option.querySelector("input").disabled = Boolean(dear);
      say(option.querySelector(".cost"), price(cost) + (dear ? ` You have ${hours(Math.max(0, left))} left.` : ""));
    }
  };
  const ask = (decision) => {
    asked = decision;
    say(told, decision.situation);
    say(question, decision.question);
    hint.hidden = !decision.hint;
    hint.open = false;
    say(hint.lastChild, decision.hint || "");
    fill(choices, decision.moves.map((move) => {
      const { label, what } = named(move);
      return el("label", { class: "choice", data: { move } },
        el("input", { type: "radio", name: group, value: move }),
        el("span", { class: "choice-text" }, el("strong", {}, label), el("span", {}, what), el("span", { class: "cost number" })));
    }));
    fill(assumed, el("summary", {}, "What is assumed to follow from each"),
      el("p", { class: "small" }, "How much a move changes is not known from any documented case: directions are sourced, sizes are assumed."),
      el("dl", {}, decision.moves.map((move) => [el("dt", {}, named(move).label), el("dd", {}, named(move).assumed)])));
    assumed.open = false;
    costs();
    sentence.value = "";
    argument.value = "";
    confidence.value = 50;
    say(percent, "50 %");
    stated = false;
    fault("");
  };
  const take = (from) => {
    const busy = Date.now() - touched < MINE ? document.activeElement : null;
    for (const [node, value] of [[sentence, from.sentence], [argument, from.argument], [confidence, from.confidence ?? 50]]) {
      if (node !== busy) node.value = value;
    }
    say(percent, `${confidence.value} %`);
    stated = stated || from.confidence !== null;
    for (const input of choices.querySelectorAll("input")) input.checked = input.value === from.move;
  };
  const said = (body, phase) => {
    const answer = body.answers.find((each) => asked && each.decision === asked.id);
    const open = phase === "deciding";
    const instead = asked && insteadWords(asked.minute);
    const words = !answer || (answer.move === null && open) ? ""
      : answer.draft ? `The decision is closed. Your draft was not submitted: ${instead}. The facilitator sees it as a draft, with what you write until the clock runs on.`
      : answer.move === null ? `The decision is closed. You submitted nothing in time: ${instead}.`
        : answer.late ? `Kept as late, for it came after the close: ${instead}.`
          : open ? `Submitted: ${named(answer.move).label}. You can change it until the decision is closed.`
            : answer.confirmed && answer.confirmed !== answer.move ? changedWords(deck, answer)
              : `Closed. Your move: ${named(answer.move).label}.`;
    state.hidden = !words;
    say(state, words);
    if (sent && words) {
      sent = false;
      state.scrollIntoView({ block: "nearest" });  // the button may be pressed far above it
    }
    say(submit, answer && answer.move && open ? "Change the decision" : open ? "Submit the decision" : `Submit late (${instead})`);
    submit.parentElement.classList.toggle("closed", !open);
    submit.hidden = !open && Boolean(answer && answer.move && !answer.late);
    return Boolean(answer && answer.move);
  };
  // who else writes: told while drafts come in, and who wrote last after that
  const mate = (from, open) => {
    const other = from && from.name && from.by !== member ? from.name : null;
    const now = JSON.stringify(from);
    if (now !== before && other && open) {
      clearTimeout(writes);
      writes = setTimeout(() => { writes = null; say(writer, `${other} wrote last.`); }, WRITING);
      say(writer, `${other} is writing ...`);
    } else if (!other || !open) {
      clearTimeout(writes);
      writes = null;
      say(writer, other ? `${other} wrote last.` : "");
    }
    before = now;
  };
  return {
    situation,
    card,
    show(body, phase) {
      const decision = body.decision;
      card.hidden = !decision;
      situation.hidden = !decision;
      if (!decision) {
        asked = null;
        stop();
        return;
      }
      const fresh = !asked || asked.id !== decision.id || team !== body.team;
      team = body.team;
      if (fresh) ask(decision);
      const answered = said(body, phase);
      const from = body.draft;
      const own = body.answers.find((each) => each.decision === decision.id);
      if (from && from.by && (fresh || from.by !== member)) take(from);
      else if (fresh && answered) take(own);
      mate(from, phase === "deciding");
    },
    sight(body) {
      prices = body.prices || {};
      left = budget - body.spent;
      costs();
    },
    remove() {
      stop();
      clearTimeout(writes);
    },
  };
}
