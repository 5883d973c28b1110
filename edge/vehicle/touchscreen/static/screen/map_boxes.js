// The boxes of the plan: status by fill, outline and sign, beside it the crime types' plates; the open visit's and the
// next one stand out.

import { drawPlates } from "./crime_types.js";
import { colour, FONT } from "./palette.js";
import { readable } from "./panel.js";

const BOX_M = 250;
const SIGNS = { due: "", later: "◔", done: "✓", at_cap: "⊖", suppressed: "✕" };
const DASHES = { later: [8, 5], at_cap: [2, 4], suppressed: [2, 4] };
const LEAST_PX = 18;
const HALF = 0.72; // of a label's height, in its text's size
const ROOMY = 3.9; // times the text's size: a box this large has room for its own number
const EDGE_PX = 4;
const HALO_PX = 7;

const labelPx = () => readable(LEAST_PX);

/** Whether a box of so many pixels has its number inside, and its plates below the middle. */
export const isRoomy = (size) => size >= ROOMY * labelPx();

/** A box's south-western corner, metres from the map's origin. */
export function corner(id, origin) {
  const [east, north] = id.split("-").map(Number);
  return [east * BOX_M - origin[0], north * BOX_M - origin[1]];
}

/** How much a box matters now: the open visit's, the next one, one that is due, any other. */
function weigh(box, snapshot) {
  if (box.id === snapshot.visit?.box) return 3;
  if (box.id === snapshot.target?.id) return 2;
  return box.status === "due" ? 1 : 0;
}

/** Draw every box, the most important last; then their labels, the most important first.
 *
 * The answer: the rectangles { left, top, right, bottom } that boxes and labels take, in pixels. */
export function drawBoxes(context, camera, origin, snapshot) {
  const boxes = [...snapshot.boxes].sort((one, other) => weigh(one, snapshot) - weigh(other, snapshot));
  const size = BOX_M / camera.metresPerPixel;
  const placed = boxes.map((box) => {
    const [x, y] = corner(box.id, origin);
    const [across, down] = camera.toScreen(x + BOX_M / 2, y + BOX_M / 2);
    return { box, across, down, rank: weigh(box, snapshot) };
  }).filter(({ across, down }) => across > -size && down > -size && across < camera.width + size && down < camera.height + size);
  for (const { box, across, down, rank } of placed) {
    context.save();
    context.translate(across, down);
    context.rotate(-camera.up);
    drawBox(context, box.status, -size / 2, -size / 2, size, rank);
    context.restore();
  }
  const half = (size / 2) * (Math.abs(Math.sin(camera.up)) + Math.abs(Math.cos(camera.up)));
  for (const { box, across, down } of placed) drawTypes(context, box, across, down, size);
  const spots = drawLabels(context, placed.reverse(), size, half);
  const squares = placed.map(({ across, down }) => (
    { left: across - half, top: down - half, right: across + half, bottom: down + half }
  ));
  const [wide, high] = [1.7 * labelPx(), HALF * labelPx()];
  const labels = spots.map(({ x, y }) => ({ left: x - wide, top: y - high, right: x + wide, bottom: y + high }));
  return [...squares, ...labels];
}

/** One box of the key, on its own small canvas. */
export function drawKey(canvas) {
  const context = canvas.getContext("2d");
  const { status } = canvas.dataset;
  const side = Math.round(2.4 * labelPx());
  canvas.width = canvas.height = side;
  drawBox(context, status, 3, 3, side - 6, 0);
  drawLabel(context, SIGNS[status] || "42", side / 2, side / 2, status, false);
}

function drawBox(context, status, left, top, size, rank) {
  context.fillStyle = colour(`${status}-fill`);
  context.fillRect(left, top, size, size);
  context.setLineDash((rank < 3 && DASHES[status]) || []);
  context.lineWidth = rank >= 2 ? 4 : status === "due" ? 3 : 2;
  context.strokeStyle = rank === 3 ? colour("visit") : rank === 2 ? colour("next") : colour(status);
  context.strokeRect(left, top, size, size);
  context.setLineDash([]);
  if (rank === 2) halo(context, left, top, size);
}

/** A second frame around the next box: a shape, not only a colour. */
function halo(context, left, top, size) {
  context.lineWidth = 2;
  context.strokeRect(left - 6, top - 6, size + 12, size + 12);
}

/** A box's plates, as many as it has room for: below its middle, where its number and the car are not. */
function drawTypes(context, box, across, down, size) {
  const y = isRoomy(size) ? down + size * 0.3 : down;
  drawPlates(context, box.crime_types, across, y, size - 2 * EDGE_PX);
}

function drawLabels(context, placed, size, half) {
  const [wide, high] = [3.3 * labelPx(), 2 * HALF * labelPx() + 1];
  const taken = [];
  for (const { box, across, down, rank } of placed) {
    const spot = { x: across, y: isRoomy(size) ? down - size * 0.36 : down - half - HALF * labelPx() - (rank === 2 ? HALO_PX + 4 : 4) };
    const clash = taken.some((one) => Math.abs(one.x - spot.x) < wide && Math.abs(one.y - spot.y) < high);
    if (clash && rank < 2) continue;
    taken.push(spot);
    const sign = rank === 3 || SIGNS[box.status] === "" ? "" : ` ${SIGNS[box.status]}`;
    drawLabel(context, `${box.number}${sign}`, spot.x, spot.y, box.status, rank >= 2);
  }
  return taken;
}

function drawLabel(context, text, x, y, status, strong) {
  const high = HALF * labelPx();
  context.font = `700 ${labelPx()}px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const half = context.measureText(text).width / 2 + 6;
  context.fillStyle = strong ? colour("strong") : colour("plate");
  context.beginPath();
  context.roundRect(x - half, y - high, 2 * half, 2 * high, 6);
  context.fill();
  context.fillStyle = strong ? colour("strong-text") : colour(`${status}-text`);
  context.fillText(text, x, y + 1);
}
