// Pausing and going back on patrol: one tap each.

import { byId, setText, show } from "./dom.js";
import { tap } from "./taps.js";
import { clock, word } from "./words.js";

const call = byId("call");
const resume = byId("resume");

call.addEventListener("click", () => tap(call, "pause", { reason: "call" }));
resume.addEventListener("click", () => tap(resume, "resume"));

export function renderPause(view) {
  show(byId("paused"), view.mode === "paused");
  if (view.paused === null) return;
  setText(byId("paused-reason"), word("pause_place", view.paused).toUpperCase());
  setText(byId("paused-clock"), clock(view.pausedFor));
  setText(byId("paused-hint"), hint(view.visit));
}

function hint(visit) {
  if (visit === null) return "No visit is running. Arrivals while paused are presence only.";
  return `Your visit in box ${visit.number} rests. It goes on when you are back on patrol in this box.`;
}
