// Which way is up: the car's heading, unless the officer wants north. Map and compass turn alike.

import { byId, setText } from "./dom.js";
import { text } from "./words.js";

const KEY = "north-up";
const button = byId("sheet-north");

const listeners = [];
let northUp = localStorage.getItem(KEY) === "yes";
let heading = 0; // radians from north

button.addEventListener("click", () => {
  northUp = !northUp;
  localStorage.setItem(KEY, northUp ? "yes" : "no");
  showChoice();
  for (const listener of listeners) listener();
});
showChoice();

/** Call `listener` whenever the officer has chosen what is up. */
export const onNorth = (listener) => listeners.push(listener);

/** Take the car's course, radians from north. */
export function head(course) {
  heading = course;
}

/** What is up, radians from north. */
export const up = () => (northUp ? 0 : heading);

/** The same in degrees. */
export const turned = () => (up() * 180) / Math.PI;

function showChoice() {
  setText(byId("sheet-north-words"), text(northUp ? "sheet.heading_up" : "sheet.north_up"));
}
