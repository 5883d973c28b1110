// The screen: hears snapshots, and shows what the last one says now, five times a second.

import { renderAnother } from "./another.js";
import { renderBanner, renderUnheard } from "./banner.js";
import { renderChangePlan } from "./change_plan.js";
import { renderConnection } from "./connection.js";
import { renderDisplay } from "./display.js";
import { byId, show } from "./dom.js";
import { renderDriving } from "./driving.js";
import { renderFeedback } from "./feedback.js";
import { renderKey } from "./key.js";
import { followCar, startMap } from "./map.js";
import { renderMore } from "./more.js";
import { renderNext } from "./next.js";
import { renderOfficers } from "./officers.js";
import "./own_record.js";
import { renderPause } from "./pause.js";
import { renderSelfTask } from "./self_task.js";
import { renderSheets } from "./sheets.js";
import { renderSignIn } from "./sign_in.js";
import { renderSounds } from "./sounds.js";
import { accept, live } from "./state.js";
import { watchLayout } from "./steady.js";
import { connected, listen } from "./stream.js";
import { renderStrip } from "./strip.js";
import { renderTactics } from "./tactics.js";
import { renderTimer } from "./timer.js";
import { renderUpdate } from "./update.js";
import { renderOwnPlan } from "./why.js";

const SHOW_MS = 200;
const PARTS = [
  renderSheets, renderDriving, renderBanner, renderAnother, renderSignIn, renderPause, renderTimer, renderNext,
  renderTactics, renderMore, renderOfficers, renderChangePlan, renderSelfTask, renderFeedback, renderDisplay, renderKey,
  renderSounds, renderOwnPlan, renderStrip, renderUpdate,
];

function render() {
  const heard = connected();
  const view = live(heard);
  renderConnection(view, heard);
  if (view === null) {
    if (!heard) renderUnheard();
    return;
  }
  for (const part of PARTS) part(view);
  show(byId("map").parentElement, view.mode !== "signed_out");
  watchLayout();
}

function take(snapshot) {
  accept(snapshot);
  render();
  followCar(snapshot);
}

startMap();
listen(take);
setInterval(render, SHOW_MS);
