// The tactic buttons: one tap records, five seconds to undo. They stay until the visit closes.

import { byId, setAttribute, setText, show } from "./dom.js";
import { glancesOnly } from "./driving.js";
import { tap } from "./taps.js";

const MANY = 4;
const GLANCES = 3;

const tray = byId("tactics");
const undo = byId("undo");

undo.addEventListener("click", () => tap(undo, "undo"));

export function renderTactics(view) {
  const open = view.visit !== null && view.visit.phase === "open";
  const driven = glancesOnly(view);
  const shown = driven ? few(view.tactics) : view.tactics;
  const there = view.visit !== null && view.officer !== null && (driven ? open : view.mode !== "paused");
  show(tray, there && shown.length > 0);
  tray.dataset.many = String(shown.length > MANY);
  build(view.tactics);
  for (const [index, tactic] of view.tactics.entries()) {
    setAttribute(tray.children[index], "aria-pressed", tactic.active);
    tray.children[index].disabled = !open;
    show(tray.children[index], shown.includes(tactic));
  }
  const undoable = view.tactics.find((one) => one.undoLeft !== null);
  show(undo, open && undoable !== undefined);
  if (undoable === undefined) return;
  setText(byId("undo-label"), words(undoable));
  byId("undo-left").value = undoable.undoLeft;
}

/** Its words in the page's language, as far as the agency gave them. */
const words = ({ label, labels }) => labels[document.documentElement.lang] ?? label;

/** The first three, the one in use among them. */
function few(tactics) {
  const used = tactics.findIndex((one) => one.active);
  return tactics.filter((_, index) => index < GLANCES - (used >= GLANCES) || index === used);
}

/** The buttons, made anew only when the agency's list is another. */
function build(tactics) {
  const key = tactics.map((one) => one.id).join(" ");
  if (tray.dataset.key === key) return;
  tray.dataset.key = key;
  tray.replaceChildren(...tactics.map(button));
}

function button(tactic) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "button tactic";
  element.dataset.tactic = tactic.id;
  element.textContent = words(tactic);
  element.addEventListener("click", () => {
    if (element.ariaPressed !== "true") tap(element, "tactic", { tactic: tactic.id });
  });
  return element;
}
