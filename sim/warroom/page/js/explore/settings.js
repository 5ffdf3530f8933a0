// The settings: sliders and choices made from the server's parameter table, grouped, the rarely needed ones folded away.

import { button, el, fill, newId, say, tip } from "../dom.js";

const PLACES = 200;

function number(value) {
  if (typeof value !== "number") return String(value);
  if (Math.abs(value) >= 1000) return value.toLocaleString("en");
  return String(Number(value.toPrecision(4)));
}

/** Where a value stands on a slider, and what stands at a place. */
function scaleOf({ low, high, scale, step, whole }) {
  const log = scale === "log";
  const from = log ? Math.log(low) : low;
  const width = (log ? Math.log(high) : high) - from;
  return {
    place: (value) => Math.round(((log ? Math.log(Math.max(value, low)) : value) - from) / width * PLACES),
    value: (place) => {
      if (place <= 0) return low;
      if (place >= PLACES) return high;
      const raw = from + (width * place) / PLACES;
      const value = log ? Number(Math.exp(raw).toPrecision(2)) : Number((Math.round(raw / step) * step).toPrecision(10));
      return Math.min(high, Math.max(low, whole ? Math.round(value) : value));
    },
    share: (value) => Math.min(1, Math.max(0, ((log ? Math.log(Math.max(value, low)) : value) - from) / width)),
  };
}

function explained(setting) {
  const parts = [`${setting.title}.`];
  if (setting.unit && setting.unit !== "1" && setting.unit !== "name") parts.push(`Unit: ${setting.unit}.`);
  if (setting.legal && setting.legal.some((end) => end !== null)) {
    const [low, high] = setting.legal;
    parts.push(low === null ? `At most ${number(high)}.` : high === null ? `At least ${number(low)}.` : `From ${number(low)} to ${number(high)}.`);
  }
  if (setting.span) parts.push(`Plausible here: ${number(setting.span[0])} to ${number(setting.span[1])} (marked).`);
  parts.push(`Source: ${setting.source}`);
  if (setting.builds) parts.push("Another value builds another audience.");
  return parts.join(" ");
}

/** One setting: a node, and {show(value), idle(yes), value()}. */
function control(setting, onMove) {
  const label = tip(setting.label, explained(setting), setting.label);
  const back = button("back", () => put(setting.value, true), { class: "quiet back", "aria-label": `${setting.label}: back to ${number(setting.value)}` });
  const row = el("div", { class: "setting" });
  let value = setting.value;
  let inputs;

  function changedNow() {
    row.classList.toggle("changed", value !== setting.value);
    back.hidden = value === setting.value;
  }
  function put(next, settled) {
    value = next;
    show(value);
    onMove(setting, value, settled);
  }
  let show;
  if (setting.choices) {
    const select = el("select", { id: newId("set"), "aria-label": setting.label },
      setting.choices.map(([name, words]) => el("option", { value: name }, words)));
    select.addEventListener("change", () => put(select.value, true));
    show = (next) => { value = next; select.value = next; changedNow(); };
    inputs = [select];
    fill(row, el("div", { class: "setting-head" }, label, back), select);
  } else {
    const scale = scaleOf(setting);
    const range = el("input", { type: "range", min: 0, max: PLACES, step: 1, "aria-label": setting.label });
    const typed = el("input", { type: "text", inputmode: "decimal", class: "typed number", "aria-label": `${setting.label}, as a number`, autocomplete: "off" });
    const spoken = (at) => `${number(at)}${setting.unit && !["1", "0 to 1", "name"].includes(setting.unit) ? ` ${setting.unit}` : ""}`;
    range.addEventListener("input", () => {
      value = scale.value(Number(range.value));
      typed.value = number(value);
      range.setAttribute("aria-valuetext", spoken(value));
      changedNow();
      if (!setting.builds) onMove(setting, value, false);
    });
    range.addEventListener("change", () => onMove(setting, value, true));
    typed.addEventListener("change", () => {
      const read = Number(typed.value.replace(/[\s,]/g, ""));
      const [low, high] = setting.legal;
      const wrong = typed.value.trim() === "" || !Number.isFinite(read) || (low !== null && read < low) || (high !== null && read > high);
      typed.setAttribute("aria-invalid", wrong ? "true" : "false");
      if (!wrong) put(setting.whole ? Math.round(read) : read, true);
    });
    show = (next) => {
      value = next;
      range.value = scale.place(next);
      range.setAttribute("aria-valuetext", spoken(next));
      typed.value = number(next);
      typed.setAttribute("aria-invalid", "false");
      changedNow();
    };
    inputs = [range, typed];
    const track = el("div", { class: "track" }, range);
    if (setting.span) {
      const from = scale.share(setting.span[0]);
      const until = scale.share(setting.span[1]);
      if (until > from) track.append(el("div", { class: "plausible", style: { "--from": from, "--until": until } }));
    }
    fill(row,
      el("div", { class: "setting-head" }, label, el("span", { class: "setting-end" }, back, typed)),
      track,
      (setting.low_label || setting.high_label) && el("div", { class: "ends", "aria-hidden": "true" }, el("span", {}, setting.low_label), el("span", {}, setting.high_label)));
  }
  const idleNote = el("p", { class: "hint idle-note", hidden: true }, "Has no effect as things stand.");
  row.append(idleNote);
  show(value);
  return {
    node: row,
    show,
    value: () => value,
    idle(yes) {
      row.classList.toggle("idle", yes);
      idleNote.hidden = !yes;
      inputs.forEach((input) => { input.disabled = yes; });
    },
  };
}

/**
 * Mount the settings of a start.
 * @param onMove (setting, value, settled): settled once the slider is let go.
 * Returns {show(values), idle(names), remove()}.
 */
export function mountSettings(root, sliders, groups, onMove) {
  const controls = new Map();
  const parts = [];
  for (const [group, title] of Object.entries(groups)) {
    const mine = sliders.filter((setting) => setting.group === group);
    if (!mine.length) continue;
    const made = (settings) => settings.map((setting) => {
      const one = control(setting, onMove);
      controls.set(setting.name, one);
      return one.node;
    });
    const open = mine.filter((setting) => !setting.folded);
    const folded = mine.filter((setting) => setting.folded);
    const more = folded.length && el("details", { class: "more" },
      el("summary", {}, `${open.length ? "More" : "All"} settings (${folded.length})`), el("div", { class: "settings" }, made(folded)));
    parts.push(el("details", { class: "card group", open: group === "post" || (group === "people" && matchMedia("(min-width: 60rem)").matches), data: { group } },
      el("summary", {}, el("h2", {}, title)),
      group === "world" && el("p", { class: "hint" }, "The same for every case; set by hand from the literature, or assumed. Move them to see how much hangs on them."),
      open.length > 0 && el("div", { class: "settings" }, made(open)), more));
  }
  const changedCount = el("p", { class: "hint", role: "status" });
  fill(root, parts, changedCount);
  const count = () => {
    const moved = [...controls.entries()].filter(([, one]) => one.node.classList.contains("changed")).length;
    say(changedCount, moved ? `${moved} setting${moved > 1 ? "s" : ""} moved from where it started.` : "");
  };
  return {
    show(values) {
      for (const [name, one] of controls) if (name in values && !one.node.contains(document.activeElement)) one.show(values[name]);
      count();
    },
    put(name, value) { controls.get(name)?.show(value); },
    idle(names) {
      const all = new Set(names);
      for (const [name, one] of controls) one.idle(all.has(name));
      count();
    },
    remove: () => fill(root),
  };
}
