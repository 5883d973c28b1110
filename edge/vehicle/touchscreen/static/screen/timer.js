// The timer ring: what is left of the prescribed time, or how far past it; and the visits of the shift.

import { byId, setAttribute, setText, show } from "./dom.js";
import { clock, text, word } from "./words.js";

const MODES = ["visit", "move_on", "over_stay", "away", "uncertain", "lost"];

const panel = byId("ring-panel");
const arc = byId("ring-left");
let returnSpan = 0; // the time to come back, as it was when the car left

export function renderTimer(view) {
  const visit = view.visit;
  const shown = visit !== null && MODES.includes(view.mode);
  show(panel, shown);
  if (view.mode !== "away") returnSpan = 0;
  if (!shown) return;
  setText(byId("ring-box"), String(visit.number));
  setText(byId("ring-place"), visit.place ?? "");
  const over = view.left <= 0;
  panel.dataset.state = !view.connected ? "last_known" : view.mode === "away" ? "away" : over ? "over"
    : visit.running ? "running" : "stopped";
  if (view.mode === "away") renderAway(view);
  else renderStay(view, visit, over);
  const minutes = Math.max(1, Math.round(visit.prescribed_s / 60));
  setAttribute(byId("ring-notches"), "stroke-dasharray", `0.004 ${(1 / minutes - 0.004).toFixed(5)}`);
  renderVisits(visit);
}

function renderAway(view) {
  setText(byId("ring-label"), word("timer", view.connected ? "away" : "last_known"));
  setText(byId("ring-clock"), clock(view.awayLeft));
  setText(byId("ring-note"), text("timer.to_do", { left_s: view.left }));
  returnSpan = Math.max(returnSpan, view.awayLeft);
  setArc(Math.ceil(view.awayLeft) / returnSpan);
}

function renderStay(view, visit, over) {
  setText(byId("ring-label"), word("timer", panel.dataset.state));
  setText(byId("ring-clock"), over ? `+${clock(-view.left)}` : clock(view.left));
  setText(byId("ring-note"), note(visit, view));
  setArc(over ? 1 : Math.ceil(view.left) / visit.prescribed_s);
}

function note(visit, view) {
  if (visit.early) return word("timer", "early");
  if (!visit.counted) return text("timer.counts_in", { counts_in_s: view.countsIn });
  return word("timer", view.left <= 0 ? "done" : "counted");
}

/** By whole seconds, and without a transition: a ring that moves all the time keeps a core busy. */
function setArc(share) {
  const length = Math.min(1, Math.max(0, share));
  setAttribute(arc, "stroke-dasharray", `${length.toFixed(4)} 1.1`);
}

/** An open visit is among the done ones as soon as it counts; before, it is the next one. */
function renderVisits(visit) {
  const number = visit.early || visit.counted ? visit.done : visit.done + 1;
  const total = visit.prescribed_visits;
  panel.dataset.tasked = String(visit.tasked !== null);
  setText(byId("visits"), visit.tasked ? text("timer.tasked", { reason: visit.tasked }) : text(visit.early ? "timer.done_of" : "timer.visit_of", { number, total }));
  const pips = byId("pips");
  const key = `${visit.done}/${number}/${total}`;
  if (pips.dataset.key === key) return;
  pips.dataset.key = key;
  pips.replaceChildren(...Array.from({ length: Math.min(total, 8) }, (_, index) => pip(index, visit.done, number)));
}

function pip(index, done, number) {
  const element = document.createElement("i");
  element.className = index < done ? "pip pip-done" : index < number ? "pip pip-now" : "pip";
  return element;
}
