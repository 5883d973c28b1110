// Pausing and going back on patrol: one tap each; and the question whether a pause still lasts.

import { byId, setText, show } from "./dom.js";
import { tap } from "./taps.js";
import { clock, text, wallClock, word } from "./words.js";

const AGO_MIN = [5, 15, 30];
const MOST_MIN = 999;

const call = byId("call");
const resume = byId("resume");
const still = byId("still");
const since = [...document.querySelectorAll("[data-since]")];

call.addEventListener("click", () => tap(call, "pause", { reason: "call" }));
resume.addEventListener("click", () => tap(resume, "resume"));
still.addEventListener("click", () => tap(still, "still-paused"));
for (const button of since) {
  button.addEventListener("click", () => tap(button, "resume-since", { minutes: button.dataset.minutes }));
}

export function renderPause(view) {
  show(byId("paused"), view.mode === "paused");
  if (view.paused === null) return;
  setText(byId("paused-reason"), word("pause_state", view.paused).toUpperCase());
  setText(byId("paused-clock"), clock(view.pausedFor));
  setText(byId("paused-hint"), hint(view));
  const asked = view.still_paused !== null;
  byId("paused").dataset.asked = String(asked);
  show(byId("paused-ask"), asked);
  const choices = asked ? minutesAgo(view) : [];
  for (const [index, button] of since.entries()) renderSince(button, choices[index], view);
}

/** When it may have been over: as dispatch says, or when the car was driven off; else some minutes ago. */
function minutesAgo({ still_paused: { over_s: over }, pausedFor, driving }) {
  if (over !== null) return [Math.min(MOST_MIN, Math.floor(over / 60))];
  return driving === "driving" ? [] : AGO_MIN.filter((minutes) => minutes * 60 < pausedFor);
}

function renderSince(button, minutes, view) {
  show(button, minutes !== undefined);
  if (minutes === undefined) return;
  button.dataset.minutes = minutes;
  setText(button, text("screen.back_since", { time: wallClock(view.utc - 60 * minutes) }));
}

function hint({ paused_by_dispatch: byDispatch, visit }) {
  if (byDispatch) return text("paused.by_dispatch");
  return visit === null ? text("paused.no_visit") : text("paused.in_visit", { number: visit.number });
}
