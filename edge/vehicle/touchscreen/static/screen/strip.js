// The strip: how far GPS, link, queue and clock can be trusted; and the alarms. Of a grey face nothing is told.

import { byId, setIcon, setText, show } from "./dom.js";
import { say, text, wallClock } from "./words.js";

const TRUSTED = ["gps", "ntp"];
const GRAVEST = ["fault", "warning", "info"];

export function renderStrip(view) {
  for (const stale of ["gps", "link", "queue", "clock"]) show(byId(`fact-${stale}`), view.connected);
  fact("gps", ...gps(view));
  for (const wired of ["link", "queue"]) show(byId(`fact-${wired}`), view.connected && view.link.state !== "off");
  if (view.link.state !== "off") fact("link", ...link(view.link));
  setIcon(byId("fact-link").querySelector("use"), view.link.state === "offline" ? "nolink" : "link");
  const waits = view.link.queue > 0;
  fact("queue", text(waits ? "strip.to_send" : "strip.all_sent", { count: view.link.queue }), waits && view.link.state === "offline" ? "poor" : "good");
  show(byId("fact-shift"), view.connected && view.shift !== null);
  if (view.shift !== null) fact("shift", text("strip.shift", { name: shiftName(view.shift), left_s: view.shiftLeft }), "good");
  fact("clock", ...time(view));
  renderNotices(view.notices);
}

function fact(name, words, level) {
  const item = byId(`fact-${name}`);
  item.dataset.level = level;
  setText(item.querySelector("span"), words);
}

/** "night" of "2026-11-23/night". */
const shiftName = (id) => id.slice(id.indexOf("/") + 1);

function gps({ position, positionAge }) {
  const level = { good: "good", lost: "bad" }[position.quality] ?? "poor";
  return [text(`strip.gps_${position.quality}`, { accuracy_m: position.accuracy, age_s: positionAge }), level];
}

function link({ state }) {
  return [text(`strip.link_${state}`), state === "connected" ? "good" : "poor"];
}

function time({ utc, clock: source }) {
  return [text(`strip.clock_${source}`, { time: wallClock(utc) }), TRUSTED.includes(source) ? "good" : "poor"];
}

function renderNotices(notices) {
  const notice = byId("notice");
  show(notice, notices.length > 0);
  if (notices.length === 0) return;
  notice.dataset.severity = GRAVEST.find((one) => notices.some(({ severity }) => severity === one));
  setText(notice, notices.map(say).join(" · "));
}
