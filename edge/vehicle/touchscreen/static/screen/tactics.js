// The tactic buttons: one tap records, five seconds to undo.

import { byId, setAttribute, setText, show } from "./dom.js";
import { tap } from "./taps.js";

const tray = byId("tactics");
const undo = byId("undo");

undo.addEventListener("click", () => tap(undo, "undo"));

export function renderTactics(view) {
  const open = view.visit !== null && view.visit.phase === "open";
  show(tray, view.mode === "visit" && view.tactics.length > 0);
  build(view.tactics);
  for (const [index, tactic] of view.tactics.entries()) {
    setAttribute(tray.children[index], "aria-pressed", tactic.active);
  }
  const undoable = view.tactics.find((one) => one.undoLeft !== null);
  show(undo, open && undoable !== undefined);
  if (undoable === undefined) return;
  setText(byId("undo-label"), undoable.label);
  byId("undo-left").value = undoable.undoLeft;
}

/** The buttons, made anew only when the agency's list is another. */
function build(tactics) {
  const key = tactics.map((one) => one.id).join(" ");
  if (tray.dataset.key === key) return;
  tray.dataset.key = key;
  tray.dataset.many = String(tactics.length > 4);
  tray.replaceChildren(...tactics.map(button));
}

function button(tactic) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "button tactic";
  element.dataset.tactic = tactic.id;
  element.textContent = tactic.label;
  element.addEventListener("click", () => {
    if (element.ariaPressed !== "true") tap(element, "tactic", { tactic: tactic.id });
  });
  return element;
}
