// Day, night, dim, blank: the vehicle says, this obeys. The first tap on a dim or a blank screen only wakes it.

import { byId, setText } from "./dom.js";
import { closeSheets } from "./sheets.js";
import { play } from "./sounds.js";
import { deliver, submit } from "./taps.js";
import { setTheme } from "./theme.js";
import { text } from "./words.js";

const TOUCH_MS = 10_000; // a finger that goes on is told no more often
const WOKEN_MS = 3000; // until the vehicle has heard of it
const RELEASE_MS = 500; // a second tap right after the first is no second thought
const STEPS = 2;

const shade = byId("shade");
const sheet = byId("display-sheet");
const themes = [...sheet.querySelectorAll("[data-theme-choice]")];
const languages = [...sheet.querySelectorAll("[data-language]")];
const sound = byId("display-sound");
const steps = { darker: byId("display-darker"), brighter: byId("display-brighter") };

let asleep = false;
let woken = -Infinity;
let caught = -Infinity; // until when the shade still takes every tap
let touched = -Infinity;

window.addEventListener("pointerdown", feel, true);
window.addEventListener("keydown", (event) => {
  if (asleep) stop(event);
  feel();
  release();
}, true);
for (const kind of ["pointerup", "pointercancel"]) window.addEventListener(kind, release, true);
byId("sheet-display").addEventListener("click", () => {
  byId("sheet").close();
  sheet.showModal();
});
byId("display-close").addEventListener("click", () => sheet.close());
for (const button of themes) {
  button.addEventListener("click", () => submit(button, "display/theme", { value: button.dataset.themeChoice }));
}
for (const button of languages) {
  button.addEventListener("click", () => submit(button, "display/language", { value: button.dataset.language }));
}
for (const button of Object.values(steps)) {
  button.addEventListener("click", () => submit(button, "display/brightness", { value: Number(button.dataset.step) }));
}
sound.addEventListener("click", async () => {
  const muted = sound.dataset.on === "true";
  await submit(sound, "display/muted", { value: muted });
  if (!muted) play("arrive", Number(sound.dataset.volume));
});

export function renderDisplay(view) {
  const now = performance.now();
  const { theme, power, shade: black, choice, brightness, muted, volume, language } = view.display;
  const awake = now - woken < WOKEN_MS;
  asleep = power !== "on" && !awake;
  if (asleep) closeSheets();
  else if (now > caught) shade.dataset.asleep = "false";
  if (asleep) shade.dataset.asleep = "true";
  document.body.dataset.power = awake ? "on" : power;
  shade.style.opacity = awake ? 0 : view.connected || power !== "blank" ? black : 0;
  setTheme(theme);
  for (const button of themes) button.ariaPressed = String(button.dataset.themeChoice === choice);
  if (view.connected && language !== document.documentElement.lang) location.reload(); // the page is made in one
  for (const button of languages) button.ariaPressed = String(button.dataset.language === language);
  setText(byId("display-step"), text("display.steps", { steps: brightness > 0 ? `+${brightness}` : String(brightness) }));
  sound.dataset.on = String(!muted);
  setText(sound, text(muted ? "display.sound_off" : "display.sound_on"));
  if (volume > 0) sound.dataset.volume = volume;
  step(steps.darker, brightness - 1);
  step(steps.brighter, brightness + 1);
}

function step(button, value) {
  button.dataset.step = value;
  button.disabled = Math.abs(value) > STEPS;
}

/** A finger is down: what is asleep wakes at once, and the vehicle hears of it. */
function feel() {
  const now = performance.now();
  if (asleep) {
    woken = now;
    caught = Infinity;
    asleep = false;
    shade.style.opacity = 0;
  } else if (now - touched < TOUCH_MS) return;
  touched = now;
  deliver("display/touch", {}).catch(() => {}); // the face says so where the vehicle is gone
}

function release() {
  if (caught === Infinity) caught = performance.now() + RELEASE_MS;
}

function stop(event) {
  event.stopImmediatePropagation();
  event.preventDefault();
}
