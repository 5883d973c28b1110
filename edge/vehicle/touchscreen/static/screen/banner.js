// The state sentence: large, in two lines, with the mode's icon; its clock runs between snapshots.

import { lastKnown } from "./connection.js";
import { byId, fit, setIcon, setText, show } from "./dom.js";
import { millimetre } from "./panel.js";
import { parts, runs } from "./words.js";

const ICONS = {
  signed_out: "person", starting: "wait", no_plan: "plan", paused: "pause", lost: "lost", uncertain: "uncertain",
  visit: "visit", move_on: "done", over_stay: "over", away: "away", at_cap: "cap", patrol: "go",
};

const LEAST_MM = 3.8; // text that is read at arm's length

const head = byId("sentence-head");
const tail = byId("sentence-tail");
let announced = "";

export function renderBanner(view) {
  document.body.dataset.mode = view.mode;
  setIcon(byId("mode-icon"), view.connected ? ICONS[view.mode] : "broken");
  say(view.connected ? parts({ ...view.headline, values: { ...view.headline.values, ...running(view) } })
    : lastKnown(view));
  show(byId("banner-buttons"), view.connected);
  announce(view);
}

/** The face of a vehicle that was never heard of. */
export function renderUnheard() {
  setIcon(byId("mode-icon"), "broken");
  say(lastKnown(null));
}

function say([first, ...rest]) {
  setText(head, first);
  setText(tail, rest.join(" · "));
  show(tail, rest.length > 0);
  const wide = window.innerWidth >= 1000;
  const least = LEAST_MM * millimetre();
  fit(head, Math.max(wide ? 46 : 38, least), Math.max(24, least));
  fit(tail, Math.max(wide ? 30 : 26, least), Math.max(18, least));
}

/** A headline's clocks, as they stand now. */
const running = (view) => ({
  left_s: view.left, over_s: -view.left, away_s: view.awayLeft, lost_s: view.positionAge,
  held_s: view.awayLeft, paused_s: view.pausedFor,
});

/** Read aloud once when it changes; the parts that run on, a clock or the way to the next box, are no news. */
function announce(view) {
  const said = parts(view.headline).filter((_, index) => !runs(view.headline.code, index));
  const news = (view.connected ? said : lastKnown(view)).join(" · ");
  if (news === announced) return;
  announced = news;
  setText(byId("announced"), news);
}
