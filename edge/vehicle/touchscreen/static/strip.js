// The strip: how far GPS, link, queue, clock and the screen's own connection can be trusted; and the alarms.

import { byId, setIcon, setText, show } from "./dom.js";
import { clock, span, wallClock } from "./words.js";

export function renderStrip(view, connected) {
  show(byId("fact-screen"), !connected);
  fact("gps", ...gps(view));
  for (const stale of ["link", "queue"]) show(byId(`fact-${stale}`), connected);
  fact("link", ...link(view.link));
  setIcon(byId("fact-link").querySelector("use"), view.link.state === "offline" ? "nolink" : "link");
  const waits = view.link.queue > 0;
  fact("queue", waits ? `${view.link.queue} to send` : "All sent", waits && view.link.state === "offline" ? "poor" : "good");
  show(byId("fact-shift"), view.shift !== null);
  if (view.shift !== null) fact("shift", `${shiftName(view.shift)} ends in ${span(view.shiftLeft)}`, "good");
  fact("clock", ...time(view));
  renderNotices(view.notices);
}

function fact(name, text, level) {
  const item = byId(`fact-${name}`);
  item.dataset.level = level;
  setText(item.querySelector("span"), text);
}

/** "Night" of "2026-11-23/night". */
function shiftName(id) {
  const name = id.slice(id.indexOf("/") + 1);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function gps({ position, positionAge }) {
  switch (position.quality) {
    case "good": return [`GPS ±${Math.max(1, Math.round(position.accuracy))} m`, "good"];
    case "uncertain": return ["GPS uncertain", "poor"];
    case "lost": return [`GPS lost ${clock(positionAge)}`, "bad"];
    default: return ["No GPS yet", "poor"];
  }
}

function link({ state }) {
  switch (state) {
    case "connected": return ["Link on", "good"];
    case "connecting": return ["Link …", "poor"];
    default: return ["No link", "poor"];
  }
}

function time({ utc, clock: source }) {
  switch (source) {
    case "gps": return [`${wallClock(utc)} GPS`, "good"];
    case "ntp": return [`${wallClock(utc)} net`, "good"];
    case "saved": return [`${wallClock(utc)} unsure`, "poor"];
    default: return ["Time unsure", "poor"];
  }
}

function renderNotices(notices) {
  const notice = byId("notice");
  show(notice, notices.length > 0);
  if (notices.length > 0) setText(notice, notices.join(" · "));
}
