// The tactic buttons: one tap records, five seconds to undo. They stay until the visit closes. A phone has room for three
// and a fourth button, behind which all of them are; so has a car that is driven, without the fourth.

import { byId, setAttribute, setText, show } from "./dom.js";
import { glancesOnly } from "./driving.js";
import { hyphenated } from "./syllables.js";
import { tap } from "./taps.js";

const MANY = 4;
const GLANCES = 3;

const NARROW = window.matchMedia("(orientation: portrait) and (max-width: 500px)"); // as in the style sheet

const tray = byId("tactics");
const more = byId("more-tactics");
const sheet = byId("tactics-sheet");
const all = byId("tactics-all");
const undo = byId("undo");

more.addEventListener("click", () => sheet.showModal());
byId("tactics-close").addEventListener("click", () => sheet.close());
undo.addEventListener("click", () => tap(undo, "undo"));

export function renderTactics(view) {
  const open = view.visit !== null && view.visit.phase === "open";
  const driven = glancesOnly(view);
  const many = view.tactics.length > MANY;
  const shown = driven || (NARROW.matches && many) ? few(view.tactics) : view.tactics;
  const there = view.visit !== null && view.officer !== null && (driven ? open : view.mode !== "paused");
  show(tray, there && shown.length > 0);
  tray.dataset.many = String(shown.length > MANY);
  build(view.tactics);
  for (const [index, tactic] of view.tactics.entries()) {
    for (const element of [tray.children[index], all.children[index]]) {
      setAttribute(element, "aria-pressed", tactic.active);
      element.disabled = !open;
    }
    show(tray.children[index], shown.includes(tactic));
  }
  show(more, !driven && shown.length < view.tactics.length);
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
  tray.replaceChildren(...tactics.map((one) => button(one, "tactic")), more);
  all.replaceChildren(...tactics.map((one) => button(one, "choice")));
}

/** `name`: of the data attribute that holds its id. */
function button(tactic, name) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "button tactic";
  element.dataset[name] = tactic.id;
  element.textContent = hyphenated(words(tactic), document.documentElement.lang);
  element.addEventListener("click", async () => {
    if (element.ariaPressed !== "true") await tap(element, "tactic", { tactic: tactic.id });
    sheet.close();
  });
  return element;
}
