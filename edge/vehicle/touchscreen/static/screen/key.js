// The map's key: what a box's fill and sign say, and a crime type's plate; and how GPS and link stand, in full.

import { byId, setText } from "./dom.js";
import { drawKey } from "./map_boxes.js";
import { onTheme } from "./theme.js";
import { say, text, word } from "./words.js";

const sheet = byId("key-sheet");

byId("sheet-key").addEventListener("click", () => {
  byId("sheet").close();
  draw();
  sheet.showModal();
});
byId("key-close").addEventListener("click", () => sheet.close());
onTheme(draw);

export function renderKey(view) {
  setText(byId("sheet-gps"), gps(view));
  setText(byId("sheet-link"), view.link.notice ? say(view.link.notice) : word("link", view.link.state));
}

function gps({ gps: { notice }, position, positionAge }) {
  if (notice?.code !== "gps.receiving" || position.quality !== "good") return notice ? say(notice) : "";
  return text("sheet.gps_works", { accuracy_m: position.accuracy, age_s: positionAge });
}

function draw() {
  for (const canvas of sheet.querySelectorAll(".key-box")) drawKey(canvas);
}
