// Whether this face is of now: a vehicle that is not heard of any more leaves a grey one, which says since when.

import { byId, show } from "./dom.js";
import { closeSheets } from "./sheets.js";
import { text, wallClock } from "./words.js";

export function renderConnection(view, connected) {
  document.body.dataset.connection = connected ? "live" : "lost";
  for (const part of byId("floor").children) part.inert = !connected; // the landmark itself stays
  show(byId("fact-screen"), !connected);
  if (connected) return;
  closeSheets();
  if (view === null) document.body.dataset.mode = "unheard";
}

/** What a grey face says, in two lines; the time of day only where the vehicle knew it. */
export function lastKnown(view) {
  const known = view !== null && view.clock !== "none";
  return known ? [text("screen.not_connected"), text("screen.last_known", { time: wallClock(view.utc) })]
    : [text("screen.not_connected")];
}
