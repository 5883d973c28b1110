// The names of the beats, written over everything that lies still, where no box and no box's number is.

import { label } from "./palette.js";
import { text } from "./words.js";

const FONT_PX = 17;
const STEP_PX = 24;
const FARTHEST = 6; // steps a name may be moved by

/** Write each beat's name at its place, or at the nearest free one; where there is none, not at all.
 *
 * `taken`: rectangles { left, top, right, bottom } in pixels, which grow by the names. */
export function drawBeats(context, camera, beats, taken) {
  label(context, 600, FONT_PX);
  for (const [x, y, name] of beats) {
    const words = text("map.beat", { name });
    const half = context.measureText(words).width / 2 + 4;
    const [left, top] = camera.toScreen(x, y);
    if (left < -half || left > camera.width + half || top < -STEP_PX || top > camera.height + STEP_PX) continue;
    const spot = OFFSETS.map(([dx, dy]) => [left + dx, top + dy]).find((at) => isFree(at, half, taken));
    if (spot === undefined) continue;
    taken.push({ left: spot[0] - half, top: spot[1] - 12, right: spot[0] + half, bottom: spot[1] + 12 });
    context.strokeText(words, ...spot);
    context.fillText(words, ...spot);
  }
}

/** Steps from a place, the shortest first. */
const OFFSETS = [];
for (let i = -FARTHEST; i <= FARTHEST; i += 1) {
  for (let j = -FARTHEST; j <= FARTHEST; j += 1) OFFSETS.push([i * STEP_PX, j * STEP_PX]);
}
OFFSETS.sort((one, other) => Math.hypot(...one) - Math.hypot(...other));

function isFree([x, y], half, taken) {
  const clear = (one) => x + half < one.left || x - half > one.right || y + 12 < one.top || y - 12 > one.bottom;
  return taken.every(clear);
}
