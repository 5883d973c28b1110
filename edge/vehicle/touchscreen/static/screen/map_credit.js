// Whose streets the basemap shows, as OpenStreetMap's license asks: as large as all other text, in the map's upper left corner.

import { spared } from "./map_car.js";
import { label } from "./palette.js";
import { readable } from "./panel.js";
import { text } from "./words.js";

const LEAST_PX = 16;
const LEFT_PX = 12;
const GAP_PX = 4;

/** The rectangle that it takes, in pixels: below the scale where that is at the top, too. */
export function creditBox(context, camera) {
  const size = begin(context);
  const right = LEFT_PX + context.measureText(text("map.credit")).width;
  const above = spared(camera).filter((one) => one.left < right && one.top < size).map((one) => one.bottom);
  const top = Math.max(0, ...above) + GAP_PX;
  return { left: 0, top, right: right + GAP_PX, bottom: top + size };
}

export function drawCredit(context, camera) {
  const { bottom } = creditBox(context, camera);
  context.strokeText(text("map.credit"), LEFT_PX, bottom);
  context.fillText(text("map.credit"), LEFT_PX, bottom);
}

function begin(context) {
  const size = readable(LEAST_PX);
  label(context, 500, size);
  context.textAlign = "left";
  context.textBaseline = "bottom";
  return size;
}
