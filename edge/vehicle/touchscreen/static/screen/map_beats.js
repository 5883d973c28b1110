// The names of the beats, written over everything that lies still, where no box and no box's number is.

import { label } from "./palette.js";
import { readable } from "./panel.js";
import { text } from "./words.js";

const LEAST_PX = 17;
const STEP = 1.4; // of the text's size
const HALF = 0.7;
const FARTHEST = 6; // steps a name may be moved by

/** Write each beat's name whole at its place, or at the nearest free one; where there is none, not at all.
 *
 * `taken`: rectangles { left, top, right, bottom } in pixels, which grow by the names. */
export function drawBeats(context, camera, beats, taken) {
  const size = readable(LEAST_PX);
  const [step, high] = [STEP * size, HALF * size];
  label(context, 600, size);
  for (const [x, y, name] of beats) {
    const words = text("map.beat", { name });
    const half = context.measureText(words).width / 2 + 4;
    const [left, top] = camera.toScreen(x, y);
    if (left < 0 || left > camera.width || top < 0 || top > camera.height) continue;
    const spots = OFFSETS.map(([i, j]) => [left + i * step, top + j * step]);
    const spot = spots.find((at) => isSeen(at, half, high, camera) && isFree(at, half, high, taken));
    if (spot === undefined) continue;
    taken.push({ left: spot[0] - half, top: spot[1] - high, right: spot[0] + half, bottom: spot[1] + high });
    context.strokeText(words, ...spot);
    context.fillText(words, ...spot);
  }
}

/** Steps from a place, the shortest first. */
const OFFSETS = [];
for (let i = -FARTHEST; i <= FARTHEST; i += 1) {
  for (let j = -FARTHEST; j <= FARTHEST; j += 1) OFFSETS.push([i, j]);
}
OFFSETS.sort((one, other) => Math.hypot(...one) - Math.hypot(...other));

const isSeen = ([x, y], half, high, { width, height }) => x > half && y > high && x + half < width && y + high < height;

function isFree([x, y], half, high, taken) {
  const clear = (one) => x + half < one.left || x - half > one.right || y + high < one.top || y - high > one.bottom;
  return taken.every(clear);
}
