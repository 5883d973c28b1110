// The box to go to: its number, what for, how far and which way; or why there is none. The map points to the same.

import { plate } from "./crime_types.js";
import { byId, setAttribute, setText, show } from "./dom.js";
import { glancesOnly } from "./driving.js";
import { turned } from "./heading.js";
import { openWhy } from "./why.js";
import { crimeTypes, direction, distance, say, word } from "./words.js";

const MODES = ["patrol", "move_on", "over_stay", "away", "at_cap", "no_plan", "starting", "lost", "uncertain"];

const LONG_TYPES = 20;
const NONE = ["starting", "no_plan"];

const card = byId("next");
const why = byId("why");

why.addEventListener("click", () => openWhy(why.dataset.box));

export function renderNext(view) {
  const next = view.target;
  const inVisit = view.visit !== null && ["visit", "lost", "uncertain"].includes(view.mode);
  show(card, inVisit ? glancesOnly(view) && next !== null : MODES.includes(view.mode));
  card.dataset.none = String(next === null);
  setText(byId("next-label"), word("next", next ? (next.id === view.visit?.box ? "back" : "box") : NONE.includes(view.mode) ? view.mode : "none"));
  setText(byId("next-number"), next ? String(next.number) : "");
  setText(byId("next-place"), next?.place ?? "");
  renderTypes(next ? next.crime_types : []);
  setText(byId("next-why"), next?.why ? say(next.why) : "");
  show(why, next !== null);
  why.disabled = next === null || !next.explained || glancesOnly(view);
  why.dataset.box = next ? next.id : "";
  show(byId("next-none"), next === null);
  setText(byId("next-none"), next ? "" : reason(view));
  const known = next !== null && next.distance_m !== null;
  show(byId("next-arrow").closest("p"), known);
  if (!known) return;
  setText(byId("next-distance"), distance(next.distance_m));
  setText(byId("next-direction"), direction(next.bearing));
  setAttribute(byId("next-arrow"), "transform", `rotate(${Math.round(next.bearing - turned())})`);
}

function renderTypes(types) {
  const list = byId("next-types");
  if (list.dataset.key === types.join(" ")) return;
  list.dataset.key = types.join(" ");
  list.replaceChildren(...types.map((type) => {
    const line = document.createElement("span");
    line.className = "next-type";
    line.append(plate(type), ` ${crimeTypes([type])}`);
    return line;
  }));
  card.dataset.long = String(crimeTypes(types).length > LONG_TYPES);
}

function reason(view) {
  if (["starting", "lost", "uncertain"].includes(view.mode)) return view.gps.notice ? say(view.gps.notice) : "";
  if (view.notices.length > 0) return word("next", "as_usual");
  return word("next", view.boxes.length === 0 ? "no_boxes" : "all_done");
}
