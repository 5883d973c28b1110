// The car: where it is, how sure that is, which way it goes, and the way to the next box.

import { corner } from "./map_boxes.js";
import { colour, FONT } from "./palette.js";
import { readable } from "./panel.js";
import { distance, FOOT_M, MILE_M, word } from "./words.js";

const HALF_BOX_M = 125;
const EDGE_PX = 26;
const ARROW_PX = 30;
const CAR_PX = 34;
const BOX_GAP_PX = 14;
const LEAST_PX = 16;
const SCALE = 7; // of the text's size: the room of the scale
const ROSE = 1.3; // of the text's size: the plate around north
const SCALES_M = [200 * FOOT_M, 500 * FOOT_M, ...[0.2, 0.5, 1, 2, 4].map((miles) => miles * MILE_M)];

/** The middle of a box, metres from the map's origin. */
export function middle(id, origin) {
  return corner(id, origin).map((side) => side + HALF_BOX_M);
}

/** The rectangles that car, scale and north take, in pixels. */
export function spared(camera) {
  const [x, y] = [camera.width / 2, camera.height / 2];
  const [text, scale] = [readable(LEAST_PX), scaleDown(camera)];
  const rose = 2 * ROSE * text + 4;
  return [
    { left: x - CAR_PX, top: y - CAR_PX, right: x + CAR_PX, bottom: y + CAR_PX },
    { left: 0, top: scale - 1.6 * text, right: SCALE * text, bottom: scale + 4 },
    { left: camera.width - rose, top: 0, right: camera.width, bottom: rose },
  ];
}

/** How far down the scale's line is: at the bottom, or at the top where a button is there. */
function scaleDown({ covered, height }) {
  const text = readable(LEAST_PX);
  const down = height - 12;
  return covered.some(({ left, bottom }) => left < SCALE * text && bottom > down - text) ? 14 + text : down;
}

/** A dotted line from the car to a place, and an arrow where that is out of sight. */
export function drawWay(context, camera, place) {
  const [x, y] = camera.toScreen(...place);
  const [carX, carY] = [camera.width / 2, camera.height / 2];
  const away = Math.hypot(x - carX, y - carY);
  const [dx, dy] = [(x - carX) / away, (y - carY) / away];
  const edge = reach(dx, dy, camera);
  const halfBox = HALF_BOX_M / camera.metresPerPixel;
  const end = Math.min(away - halfBox - BOX_GAP_PX, edge - ARROW_PX);
  if (away > edge + halfBox) drawEdgeArrow(context, carX + dx * edge, carY + dy * edge, Math.atan2(dx, -dy));
  if (end < CAR_PX) return;
  context.setLineDash([2, 11]);
  context.lineCap = "round";
  context.lineWidth = 5;
  context.strokeStyle = colour("next");
  context.beginPath();
  context.moveTo(carX + dx * CAR_PX, carY + dy * CAR_PX);
  context.lineTo(carX + dx * end, carY + dy * end);
  context.stroke();
  context.setLineDash([]);
}

/** How far it is from the middle to the map's edge, less a margin, in a direction. */
function reach(dx, dy, camera) {
  const [x, y] = [camera.width / 2 - EDGE_PX, camera.height / 2 - EDGE_PX];
  return Math.min(x / Math.max(1e-6, Math.abs(dx)), y / Math.max(1e-6, Math.abs(dy)));
}

/** An arrow at the map's edge towards a box that is out of sight. */
function drawEdgeArrow(context, x, y, angle) {
  context.save();
  context.translate(x, y);
  context.rotate(angle);
  context.fillStyle = colour("next");
  context.beginPath();
  context.moveTo(0, -18);
  context.lineTo(20, 16);
  context.lineTo(0, 7);
  context.lineTo(-20, 16);
  context.fill();
  context.restore();
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
  context.rotate((course ?? 0) - camera.up);
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

/** Which way north is, where the map is turned. */
export function drawNorth(context, camera) {
  if (Math.abs(camera.up) < 0.02) return;
  const text = readable(LEAST_PX);
  const round = ROSE * text;
  context.save();
  context.translate(camera.width - round - 4, round + 4);
  context.rotate(-camera.up);
  context.fillStyle = colour("plate");
  context.beginPath();
  context.arc(0, 0, round, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = colour("label");
  context.beginPath();
  context.moveTo(0, 2 - round);
  context.lineTo(7, 13 - round);
  context.lineTo(-7, 13 - round);
  context.fill();
  context.translate(0, round * 0.25);
  context.rotate(camera.up);
  context.font = `700 ${text}px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(word("compass_short", "n"), 0, 1);
  context.restore();
}

/** How long a round number of feet or miles is, at the left. */
export function drawScale(context, camera) {
  const metres = SCALES_M.find((one) => one / camera.metresPerPixel > 55) ?? SCALES_M.at(-1);
  const y = scaleDown(camera);
  const [x, length] = [12, metres / camera.metresPerPixel];
  context.strokeStyle = colour("label");
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x, y - 7);
  context.lineTo(x, y);
  context.lineTo(x + length, y);
  context.lineTo(x + length, y - 7);
  context.stroke();
  context.font = `600 ${readable(LEAST_PX)}px ${FONT}`;
  context.textAlign = "left";
  context.textBaseline = "bottom";
  context.fillStyle = colour("label");
  context.fillText(distance(metres), x + 6, y - 3);
}
