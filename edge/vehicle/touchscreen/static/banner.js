// The state sentence: large, in two lines, with the mode's icon; its clock runs between snapshots.

import { byId, fit, setIcon, setText, show } from "./dom.js";
import { clock } from "./words.js";

const ICONS = {
  signed_out: "person", starting: "wait", no_plan: "plan", paused: "pause", lost: "lost", uncertain: "uncertain",
  visit: "visit", move_on: "done", over_stay: "over", away: "away", at_cap: "cap", patrol: "go",
};

const head = byId("sentence-head");
const tail = byId("sentence-tail");
let said = "";

export function renderBanner(view) {
  document.body.dataset.mode = view.mode;
  setIcon(byId("mode-icon"), ICONS[view.mode]);
  const [first, ...rest] = view.sentence.replace(/\d{2,}:\d\d/, runningClock(view)).split(" · ");
  setText(head, first);
  setText(tail, rest.join(" · "));
  show(tail, rest.length > 0);
  const wide = window.innerWidth >= 1000;
  fit(head, wide ? 46 : 38, 24);
  fit(tail, wide ? 30 : 26, 18);
  show(byId("driving"), view.officer !== null);
  show(byId("call"), view.paused === null);
  announce(view);
}

/** The one clock that a mode's sentence carries. */
function runningClock(view) {
  const seconds = { visit: view.left, over_stay: -view.left, away: view.awayLeft, lost: view.positionAge }[view.mode];
  return clock(seconds ?? 0);
}

/** Said aloud once when it changes; the seconds of its clock, and the way to the next box, are no news. */
function announce(view) {
  const news = view.sentence.replace(/ · [^·]*(\d{2,}:\d\d| km )[^·]*$/, "");
  if (news === said) return;
  said = news;
  setText(byId("said"), news);
}
