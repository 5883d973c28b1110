// Other cars' visits: in each box of the plan a dot for one that counted this shift, a ring for one that goes on now.

import { isRoomy } from "./map_boxes.js";
import { middle } from "./map_car.js";
import { colour } from "./palette.js";

const BOX_M = 250;
const MOST = 4;
const LEAST_PX = 24; // a smaller box has no room
const RADIUS_PX = 5;
const APART_PX = 14;

export function drawOthers(context, camera, origin, boxes) {
  const size = BOX_M / camera.metresPerPixel;
  if (size < LEAST_PX) return;
  const below = isRoomy(size) ? 0.06 : 0.3; // of the middle: the plates lie below, or in it
  for (const box of boxes) {
    const marks = [...Array(Math.min(box.others, MOST)).fill(true), ...(box.others_now ? [false] : [])];
    const [x, y] = camera.toScreen(...middle(box.id, origin));
    marks.forEach((over, at) => {
      drawMark(context, x + (at - (marks.length - 1) / 2) * APART_PX, y + size * below, over);
    });
  }
}

function drawMark(context, x, y, over) {
  context.beginPath();
  context.arc(x, y, over ? RADIUS_PX : RADIUS_PX - 1, 0, 2 * Math.PI);
  context.setLineDash([]);
  context.lineWidth = over ? 2 : 3;
  context.strokeStyle = colour(over ? "land" : "label");
  context.fillStyle = colour(over ? "label" : "land");
  context.fill();
  context.stroke();
}
