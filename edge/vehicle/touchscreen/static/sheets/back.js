// A sheet is for a car that stands: once it is driven, or the screen is to be dark, the screen comes back by itself.

import { letter } from "./ground.js";

const MM_PER_INCH = 25.4;
const READ_MM = 3.8;
const ASK_MS = 1000;
const TIMEOUT_MS = 2000;
const TOUCH_MS = 10_000; // a finger that goes on is told no more often

let token = null;
let touched = -Infinity;

for (const kind of ["pointerdown", "scroll", "keydown"]) window.addEventListener(kind, touch, true);

async function look() {
  try {
    const state = await (await ask("/api/state")).json();
    if (state.driving === "driving" || state.display.power !== "on") location.replace(document.getElementById("back").href);
  } catch {
    // What is read here has its date; the next look asks again.
  }
  setTimeout(look, ASK_MS);
}

/** Whoever reads is there: the screen stays on. */
async function touch() {
  if (performance.now() - touched < TOUCH_MS) return;
  touched = performance.now();
  try {
    token ??= tokenOf(await (await ask("/")).text());
    await ask("/api/display/touch", { method: "POST", headers: { "X-Roundsman-Token": token } });
  } catch {
    token = null; // the next touch asks again
  }
}

const ask = (path, given = {}) => fetch(path, { ...given, signal: AbortSignal.timeout(TIMEOUT_MS) });

function tokenOf(page) {
  return new DOMParser().parseFromString(page, "text/html").querySelector('meta[name="roundsman-token"]').content;
}

/** Text and buttons have their size in millimetres of the panel, as on the screen itself. */
function measure() {
  const inches = Number(document.body.dataset.diagonal);
  const millimetre = Math.hypot(window.innerWidth, window.innerHeight) / (inches * MM_PER_INCH);
  document.documentElement.style.setProperty("--mm", `${millimetre.toFixed(3)}px`);
  const ground = document.querySelector(".ground");
  if (ground !== null) letter(ground, Math.ceil(READ_MM * millimetre));
}

window.addEventListener("resize", measure);
measure();
touch();
look();
