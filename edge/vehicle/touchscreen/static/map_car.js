// The car: where it is, how sure that is, which way it goes, and the way to the next box.

import { corner } from "./map_boxes.js";
import { colour, FONT } from "./palette.js";
import { distance } from "./words.js";

const HALF_BOX_M = 125;
const EDGE_PX = 34;

export function drawWay(context, camera, origin, next) {
  const [west, south] = corner(next.id, origin);
  const [x, y] = camera.toScreen(west + HALF_BOX_M, south + HALF_BOX_M);
  const [carX, carY] = [camera.width / 2, camera.height / 2];
  context.setLineDash([3, 11]);
  context.lineCap = "round";
  context.lineWidth = 5;
  context.strokeStyle = colour("next");
  context.beginPath();
  context.moveTo(carX, carY);
  context.lineTo(x, y);
  context.stroke();
  context.setLineDash([]);
  const inside = x > 0 && y > 0 && x < camera.width && y < camera.height;
  if (!inside) drawEdgeArrow(context, camera, x - carX, y - carY, next);
}

/** An arrow at the map's edge towards a box that is out of sight. */
function drawEdgeArrow(context, camera, dx, dy, next) {
  const reach = Math.min(
    (camera.width / 2 - EDGE_PX) / Math.max(1, Math.abs(dx)), (camera.height / 2 - EDGE_PX) / Math.max(1, Math.abs(dy)));
  const [x, y] = [camera.width / 2 + dx * reach, camera.height / 2 + dy * reach];
  context.save();
  context.translate(x, y);
  context.rotate(Math.atan2(dx, -dy));
  context.fillStyle = colour("next");
  context.beginPath();
  context.moveTo(0, -26);
  context.lineTo(20, 10);
  context.lineTo(-20, 10);
  context.fill();
  context.restore();
  const inward = Math.hypot(dx, dy) || 1;
  plate(context, `${next.number} · ${distance(next.distance_m)}`, x - (dx / inward) * 62, y - (dy / inward) * 34);
}

function plate(context, text, x, y) {
  context.font = `700 18px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const half = context.measureText(text).width / 2 + 8;
  context.fillStyle = colour("strong");
  context.beginPath();
  context.roundRect(x - half, y - 14, 2 * half, 28, 7);
  context.fill();
  context.fillStyle = colour("strong-text");
  context.fillText(text, x, y + 1);
}

/** The car in the middle: an arrow once its course is known, hollow while its place is not sure. */
export function drawCar(context, camera, position, course) {
  const [x, y] = [camera.width / 2, camera.height / 2];
  const good = position.quality === "good";
  const radius = Math.max(24, (position.accuracy ?? 0) / camera.metresPerPixel);
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = colour(good ? "accuracy" : "unsure");
  context.fill();
  context.lineWidth = 2;
  context.setLineDash(good ? [] : [6, 6]);
  context.strokeStyle = colour(good ? "car" : "car-unsure");
  context.stroke();
  context.setLineDash([]);
  context.save();
  context.translate(x, y);
  context.rotate(course ?? 0);
  context.beginPath();
  if (course === null) context.arc(0, 0, 11, 0, 2 * Math.PI);
  else arrow(context);
  context.fillStyle = colour(good ? "car" : "car-unsure");
  context.strokeStyle = colour("car-edge");
  context.lineWidth = 3;
  context.fill();
  context.stroke();
  context.restore();
}

function arrow(context) {
  context.moveTo(0, -19);
  context.lineTo(14, 15);
  context.lineTo(0, 8);
  context.lineTo(-14, 15);
  context.closePath();
}

/** How long a round number of metres is, at the lower left. */
export function drawScale(context, camera) {
  const metres = [50, 100, 200, 500, 1000, 2000].find((one) => one / camera.metresPerPixel > 55) ?? 5000;
  const [x, y, length] = [12, camera.height - 12, metres / camera.metresPerPixel];
  context.strokeStyle = colour("label");
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x, y - 7);
  context.lineTo(x, y);
  context.lineTo(x + length, y);
  context.lineTo(x + length, y - 7);
  context.stroke();
  context.font = `600 16px ${FONT}`;
  context.textAlign = "left";
  context.textBaseline = "bottom";
  context.fillStyle = colour("label");
  context.fillText(metres < 1000 ? `${metres} m` : `${metres / 1000} km`, x + 6, y - 3);
}
