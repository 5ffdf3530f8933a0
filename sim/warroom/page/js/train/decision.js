// The decision: a sentence, a move, an argument, a confidence; a draft that the whole team shares until it is closed.

import { el, field, fill, newId, say } from "../dom.js";
import { hours, price } from "./words.js";

const WAIT = 350;
const MINE = 1500;

/**
 * Show the form of a decision in a node.
 * send(type, body) sends; returns {show(team), sight(body), remove()}.
 */
export function decisionForm(root, { moves, member, budget, send, laptop }) {
  let asked = null;
  let team = null;
  let timer = null;
  let touched = 0;
  let prices = {};
  let left = budget;
  const situation = el("p", { class: "lead" });
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
  const group = newId("move");

  const read = () => ({
    decision: asked.id,
    sentence: sentence.value.trim(),
    move: (choices.querySelector("input:checked") || { value: null }).value,
    argument: argument.value.trim(),
    confidence: Number(confidence.value),
    ...(laptop ? { team } : {}),
  });
  const draft = () => {
    touched = Date.now();
    clearTimeout(timer);
    timer = setTimeout(() => asked && send("draft", read()).catch(() => {}), WAIT);
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
      if (!said.sentence && said.move !== "silent") return fault("Write the sentence that you would put out, or say nothing.");
      clearTimeout(timer);
      submit.disabled = true;
      return send("decide", said).then(
        () => fault(""),
        (problem) => fault(problem.message),
      ).finally(() => { submit.disabled = false; });
    },
  } },
  field("Your sentence: what would you put out?", sentence, "At most 280 letters. The facilitator reads it and says which move it is."),
  el("fieldset", { class: "moves" }, el("legend", {}, "Your move"), choices),
  field("Why? (your argument)", argument, "For the talk afterwards; at most 500 letters."),
  el("div", { class: "field" },
    el("label", { for: (confidence.id = newId("confidence")) }, "How sure are you that the campaign does not end hijacked?"),
    el("div", { class: "confidence" }, confidence, percent),
    el("p", { class: "hint" }, "0 %: it surely ends hijacked. 100 %: it surely does not. You are scored on how well this fits.")),
  wrong, submit, state, writer);
  confidence.addEventListener("input", () => say(percent, `${confidence.value} %`));
  const card = el("section", { class: "card decision", id: "see-decision", "aria-labelledby": question.id, hidden: true }, question, situation, hint, form);
  root.append(card);

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
    say(situation, decision.situation);
    say(question, decision.question);
    hint.hidden = !decision.hint;
    hint.open = false;
    say(hint.lastChild, decision.hint || "");
    fill(choices, decision.moves.map((move) => {
      const told = moves[move];
      return el("label", { class: "choice", data: { move } },
        el("input", { type: "radio", name: group, value: move }),
        el("span", { class: "choice-text" }, el("strong", {}, told.label), el("span", {}, told.what),
          el("span", { class: "cost number" }),
          el("span", { class: "assumed" }, el("em", {}, "Assumed: "), told.assumed)));
    }));
    costs();
    sentence.value = "";
    argument.value = "";
    confidence.value = 50;
    say(percent, "50 %");
    fault("");
  };
  const take = (from) => {
    const busy = Date.now() - touched < MINE ? document.activeElement : null;
    for (const [node, value] of [[sentence, from.sentence], [argument, from.argument], [confidence, from.confidence ?? 50]]) {
      if (node !== busy) node.value = value;
    }
    say(percent, `${confidence.value} %`);
    for (const input of choices.querySelectorAll("input")) input.checked = input.value === from.move;
  };
  const said = (body, phase) => {
    const answer = body.answers.find((each) => asked && each.decision === asked.id);
    const open = phase === "deciding";
    const words = !answer || (answer.move === null && open) ? ""
      : answer.move === null ? "The decision is closed. You submitted nothing in time: silence is played."
        : answer.late ? "Kept as late, for it came after the close: silence is played."
          : open ? `Submitted: ${moves[answer.move].label}. You can change it until the decision is closed.`
            : `Closed. Your move: ${moves[answer.move].label}.`;
    state.hidden = !words;
    say(state, words);
    say(submit, answer && answer.move && open ? "Change the decision" : open ? "Submit the decision" : "Submit late (silence is played)");
    submit.hidden = !open && Boolean(answer && answer.move && !answer.late);
    return Boolean(answer && answer.move);
  };
  return {
    show(body, phase) {
      const decision = body.decision;
      card.hidden = !decision;
      if (!decision) {
        asked = null;
        clearTimeout(timer);
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
      say(writer, from && from.by && from.name && from.by !== member ? `${from.name} wrote last.` : "");
    },
    sight(body) {
      prices = body.prices || {};
      left = budget - body.spent;
      costs();
    },
    remove() {
      clearTimeout(timer);
    },
  };
}
