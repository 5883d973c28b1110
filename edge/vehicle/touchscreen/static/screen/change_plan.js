// A supervisor or an analyst changes the plan of their own car: a box is added (the one it stands in, or one chosen on
// the map), or one of the plan is suppressed.

import { CATALOGUE, LANGUAGE } from "/catalogue.js";

import { byId, setText, show } from "./dom.js";
import { closeSheets } from "./sheets.js";
import { hyphenated } from "./syllables.js";
import { showTrouble, tap } from "./taps.js";
import { text, word } from "./words.js";

const PLAIN = ["role", "signed_out", "driving", "assigned"]; // nobody looks for the button then

const OUT = ["event", "road_closed", "unsafe", "police_operation", "request", "other"];
const IN = ["recent_crime", "request", "event", "other"]; // nobody goes where it is unsafe because it is

const WHY = { title: "officers.why_suppress", field: "change", group: "change", keys: OUT };
const WHY_ADD = { title: "officers.why_add", field: "change", group: "change", keys: IN };
const WHAT_FOR = { title: "officers.for_type", field: "crime_type", group: "crime_type" };
const HOW_LONG = { title: "officers.how_long", field: "lasts", group: "lasts" };

const sheet = byId("change-sheet");
const add = byId("add-box");
const suppress = byId("suppress-box");
const chosen = byId("why-change");
let steps = [];
let given = {};
let name = "";
let number = 0;

const ADDING = [WHAT_FOR, WHY_ADD, HOW_LONG];
const SUPPRESSING = [WHY, HOW_LONG];

add.addEventListener("click", () => begin(add, "add-patrol", {}, ADDING));
suppress.addEventListener("click", () => begin(suppress, "suppress", { box: suppress.dataset.box }, SUPPRESSING));
chosen.addEventListener("click", () => {
  const [tapName, questions] = chosen.dataset.adds === "true" ? ["add-box", ADDING] : ["suppress", SUPPRESSING];
  begin(chosen, tapName, { box: chosen.dataset.box }, questions);
});
byId("change-close").addEventListener("click", () => sheet.close());

export function renderChangePlan(view) {
  const box = view.boxes.find((one) => one.id === view.visit?.box) ?? view.target;
  offer(suppress, view.not_now.suppress, box, "officers.suppress");
  const here = view.box_number === null ? null : { id: view.box, number: view.box_number };
  offer(add, view.not_now["add-patrol"], here, "officers.add");
}

/** On the sheet of a box ({ box, number, add, suppress }): what of the two may be done with it, if either. */
export function offerForBox(found) {
  const adds = found.add === null;
  show(chosen, adds || found.suppress === null);
  chosen.dataset.box = found.box;
  chosen.dataset.number = found.number;
  chosen.dataset.adds = String(adds);
  setText(byId("why-change-words"), text(adds ? "officers.add" : "officers.suppress", found));
}

function offer(button, why, box, words) {
  show(button, !PLAIN.includes(why) && box !== null);
  if (box === null) return;
  button.dataset.why = why ?? "";
  button.dataset.box = box.id;
  button.dataset.number = box.number;
  setText(byId(`${button.id}-words`), text(words, { number: box.number }));
}

function begin(button, tapName, values, questions) {
  if (button.dataset.why) {
    showTrouble(word("not_now", button.dataset.why));
    return;
  }
  [name, given, steps, number] = [tapName, values, [...questions], Number(button.dataset.number)];
  closeSheets();
  ask();
  sheet.showModal();
}

/** The next question's buttons; each answer leads to the next one, the last one is sent. */
function ask() {
  const { title, field, group, keys = Object.keys(CATALOGUE[group]) } = steps.shift();
  setText(byId("change-title"), text(title, { number }));
  byId("change-choices").replaceChildren(...keys.map((key) => choice(field, group, key)));
}

function choice(field, group, key) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button", textContent: hyphenated(word(group, key).toUpperCase(), LANGUAGE) });
  button.dataset.box = `${field} ${key}`; // another button, though it is where the one before was
  button.addEventListener("click", async () => {
    given = { ...given, [field]: key };
    if (steps.length > 0) {
      ask();
      return;
    }
    await tap(button, name, given);
    sheet.close();
  });
  return button;
}
