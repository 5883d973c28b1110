// A supervisor or an analyst changes the plan of their own car: add the box it stands in, or suppress one of the plan.

import { CATALOGUE } from "/catalogue.js";

import { byId, setText, show } from "./dom.js";
import { showTrouble, tap } from "./taps.js";
import { text, word } from "./words.js";

const PLAIN = ["role", "signed_out", "driving", "assigned"]; // nobody looks for the button then

const WHY = { title: "officers.why_suppress", field: "change", group: "change" };
const WHY_ADD = { title: "officers.why_add", field: "change", group: "change" };
const WHAT_FOR = { title: "officers.for_type", field: "crime_type", group: "crime_type" };
const HOW_LONG = { title: "officers.how_long", field: "lasts", group: "lasts" };

const sheet = byId("change-sheet");
const add = byId("add-box");
const suppress = byId("suppress-box");
let steps = [];
let given = {};
let name = "";
let number = 0;

add.addEventListener("click", () => begin(add, "add-patrol", {}, [WHAT_FOR, WHY_ADD, HOW_LONG]));
suppress.addEventListener("click", () => begin(suppress, "suppress", { box: suppress.dataset.box }, [WHY, HOW_LONG]));
byId("change-close").addEventListener("click", () => sheet.close());

export function renderChangePlan(view) {
  const box = view.boxes.find((one) => one.id === view.visit?.box) ?? view.target;
  offer(suppress, view.not_now.suppress, box, "officers.suppress");
  const here = view.box_number === null ? null : { id: view.box, number: view.box_number };
  offer(add, view.not_now["add-patrol"], here, "officers.add");
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
  byId("officers-sheet").close();
  ask();
  sheet.showModal();
}

/** The next question's buttons; each answer leads to the next one, the last one is sent. */
function ask() {
  const { title, field, group } = steps.shift();
  setText(byId("change-title"), text(title, { number }));
  byId("change-choices").replaceChildren(...Object.keys(CATALOGUE[group]).map((key) => choice(field, group, key)));
}

function choice(field, group, key) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button", textContent: word(group, key).toUpperCase() });
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
