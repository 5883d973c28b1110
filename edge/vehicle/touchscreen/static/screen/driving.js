// Glances alone while the car is driven: what of the screen is there then, and a passenger who overrides it.

import { byId, show } from "./dom.js";
import { millimetre } from "./panel.js";
import { tap } from "./taps.js";

const HOLD_MS = 2000;
const LARGE_IN = 10; // from here on a panel has room for larger targets

const override = byId("override");
let holding = 0;

for (const kind of ["pointerdown", "keydown"]) override.addEventListener(kind, begin);
for (const kind of ["pointerup", "pointerleave", "pointercancel", "keyup", "blur"]) override.addEventListener(kind, end);
override.addEventListener("contextmenu", (event) => event.preventDefault());
window.addEventListener("resize", measure);
measure();

export function renderDriving(view) {
  document.body.dataset.driving = view.driving;
  const gone = glancesOnly(view);
  show(override, gone);
  show(byId("call"), view.officer !== null && view.paused === null);
  show(byId("more"), view.officer !== null && !gone);
  for (const id of ["zoom-in", "zoom-out"]) show(byId(id), !gone);
}

/** Whether a snapshot asks for glances alone. */
export const glancesOnly = (view) => view.driving === "driving";

function begin(event) {
  if (event.type === "keydown" && !["Enter", " "].includes(event.key)) return;
  if (holding !== 0) return;
  override.dataset.holding = "true";
  holding = setTimeout(() => {
    end();
    tap(override, "override");
  }, HOLD_MS);
}

function end() {
  clearTimeout(holding);
  holding = 0;
  override.dataset.holding = "false";
}

function measure() {
  document.body.dataset.large = String(Number(document.body.dataset.diagonal) >= LARGE_IN);
  document.documentElement.style.setProperty("--mm", `${millimetre().toFixed(3)}px`);
}
