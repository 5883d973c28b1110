// The streets' names, each along its street where that is straight enough, and nowhere over anything else.

import { label } from "./palette.js";
import { readable } from "./panel.js";

const LEAST_PX = 16;
const AGAIN_PX = 260; // how near the same name is not written again
const FARTHEST = { main: 8, side: 4 }; // metres a pixel at which names are of use
const MARGIN_PX = 6;

let widths = new Map();
let measured = "";

/** Write the names: the main streets' first. `taken`: rectangles { left, top, right, bottom } in pixels, which grow. */
export function drawStreets(context, camera, { names, main, labels }, taken) {
  const scale = camera.metresPerPixel;
  const size = readable(LEAST_PX);
  const reach = (scale * Math.hypot(camera.width, camera.height)) / 2;
  const written = new Map();
  begin(context, size);
  for (const [name, x, y, bearing, straight] of labels) {
    if (scale > (name < main ? FARTHEST.main : FARTHEST.side)) continue;
    if (Math.abs(x - camera.x) > reach || Math.abs(y - camera.y) > reach) continue;
    const [across, down] = camera.toScreen(x, y);
    if (across < 0 || down < 0 || across > camera.width || down > camera.height) continue;
    const width = widthOf(context, names[name]);
    if (width > straight / scale) continue;
    const angle = upright((bearing * Math.PI) / 180 - Math.PI / 2 - camera.up);
    const box = around(across, down, width, size, angle);
    const same = written.get(name) ?? [];
    if (!isFree(box, camera, taken) || same.some(([u, v]) => Math.hypot(u - across, v - down) < AGAIN_PX)) continue;
    taken.push(box);
    written.set(name, [...same, [across, down]]);
    write(context, names[name], across, down, angle);
  }
}

function begin(context, size) {
  label(context, 500, size);
  if (measured === context.font) return;
  measured = context.font;
  widths = new Map();
}

function widthOf(context, words) {
  if (!widths.has(words)) widths.set(words, context.measureText(words).width);
  return widths.get(words);
}

/** The same direction, so turned that its words are read from left to right, or upward. */
export function upright(angle) {
  const turned = angle - Math.PI * Math.round(angle / Math.PI);
  return turned >= Math.PI / 2 - 0.01 ? turned - Math.PI : turned;
}

/** The rectangle around turned words. */
function around(x, y, width, size, angle) {
  const [sine, cosine] = [Math.abs(Math.sin(angle)), Math.abs(Math.cos(angle))];
  const across = (width * cosine + size * sine) / 2;
  const down = (width * sine + size * cosine) / 2;
  return { left: x - across, top: y - down, right: x + across, bottom: y + down };
}

function isFree(box, camera, taken) {
  const inside = box.left > 0 && box.top > 0 && box.right < camera.width && box.bottom < camera.height;
  return inside && taken.every((one) => box.right + MARGIN_PX < one.left || box.left - MARGIN_PX > one.right
    || box.bottom + MARGIN_PX < one.top || box.top - MARGIN_PX > one.bottom);
}

function write(context, words, x, y, angle) {
  context.save();
  context.translate(x, y);
  context.rotate(angle);
  context.strokeText(words, 0, 0);
  context.fillText(words, 0, 0);
  context.restore();
}
