// Newer software serves this page: it loads itself anew, once nothing is under way that this would take from a finger.

import { byId } from "./dom.js";

const QUIET_MS = 3000; // since the last touch
const KEY = "loaded-for";

const own = document.querySelector('meta[name="roundsman-release"]').content;
let newer = null;
let touched = -Infinity;

window.addEventListener("pointerdown", () => { touched = performance.now(); }, true);

/** Hear of which files the vehicle would serve now. */
export function hearRelease(release) {
  newer = release === own ? null : release;
}

/** Load anew where it is time; once for a release, whatever a cache may still give. */
export function renderUpdate(view) {
  if (newer === null || !view.connected || busy() || sessionStorage.getItem(KEY) === newer) return;
  sessionStorage.setItem(KEY, newer);
  location.reload();
}

/** Whether a sheet is open, a badge is half typed, or a finger was there just now. */
const busy = () => document.querySelector("dialog[open]") !== null || byId("badge-id").textContent !== ""
  || performance.now() - touched < QUIET_MS;
