// The screen: hears snapshots, and shows what the last one says now, five times a second.

import { renderBanner } from "./banner.js";
import { byId, show } from "./dom.js";
import { followCar, startMap } from "./map.js";
import { renderMore } from "./more.js";
import { renderNext } from "./next.js";
import { renderPause } from "./pause.js";
import { renderSignIn } from "./sign_in.js";
import { accept, live } from "./state.js";
import { connected, listen } from "./stream.js";
import { renderStrip } from "./strip.js";
import { renderTactics } from "./tactics.js";
import { renderTimer } from "./timer.js";
import { renderOwnPlan } from "./why.js";

const SHOW_MS = 200;
const PARTS = [
  renderBanner, renderSignIn, renderPause, renderTimer, renderNext, renderTactics, renderMore, renderOwnPlan,
];

function render() {
  const view = live();
  if (view === null) return;
  for (const part of PARTS) part(view);
  renderStrip(view, connected());
  show(byId("map").parentElement, view.mode !== "signed_out");
}

function take(snapshot) {
  accept(snapshot);
  render();
  followCar(snapshot);
}

startMap();
listen(take);
setInterval(render, SHOW_MS);
