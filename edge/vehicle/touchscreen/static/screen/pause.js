// Pausing and going back on patrol: one tap each.

import { byId, setText, show } from "./dom.js";
import { tap } from "./taps.js";
import { clock, text, word } from "./words.js";

const call = byId("call");
const resume = byId("resume");

call.addEventListener("click", () => tap(call, "pause", { reason: "call" }));
resume.addEventListener("click", () => tap(resume, "resume"));

export function renderPause(view) {
  show(byId("paused"), view.mode === "paused");
  if (view.paused === null) return;
  setText(byId("paused-reason"), word("pause_state", view.paused).toUpperCase());
  setText(byId("paused-clock"), clock(view.pausedFor));
  setText(byId("paused-hint"), hint(view.visit));
}

function hint(visit) {
  return visit === null ? text("paused.no_visit") : text("paused.in_visit", { number: visit.number });
}
