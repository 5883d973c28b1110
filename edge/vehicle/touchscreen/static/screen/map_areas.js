// The names of parks, water and quarters, for a car that stands: where nothing else is written.

import { colour, label } from "./palette.js";
import { readable } from "./panel.js";

const LEAST_PX = 16;
const FARTHEST = { place: 16, park: 4, water: 6 }; // metres a pixel at which names are of use
const MARGIN_PX = 6;

/** Write them. `areas`: [x, y, name, kind] in metres; `taken`: rectangles in pixels, which grow. */
export function drawAreas(context, camera, areas, taken) {
  const size = readable(LEAST_PX);
  label(context, 500, size);
  context.fillStyle = colour("area");
  for (const [x, y, name, kind] of areas) {
    if (camera.metresPerPixel > FARTHEST[kind]) continue;
    const [across, down] = camera.toScreen(x, y);
    const half = context.measureText(name).width / 2 + MARGIN_PX;
    const box = { left: across - half, top: down - size, right: across + half, bottom: down + size };
    if (!isFree(box, camera, taken)) continue;
    taken.push(box);
    context.strokeText(name, across, down);
    context.fillText(name, across, down);
  }
}

function isFree(box, camera, taken) {
  const inside = box.left > 0 && box.top > 0 && box.right < camera.width && box.bottom < camera.height;
  return inside && taken.every((one) => box.right < one.left || box.left > one.right
    || box.bottom < one.top || box.top > one.bottom);
}
