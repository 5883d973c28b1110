// The map: follows the car, its heading up, drawn by ourselves in metres of the plane. Draws only when something moved.

import { Camera } from "./camera.js";
import { byId } from "./dom.js";
import { head, up } from "./heading.js";
import { drawBeats } from "./map_beats.js";
import { drawBoxes } from "./map_boxes.js";
import { drawCar, drawNorth, drawScale, drawWay, middle, spared } from "./map_car.js";
import { Ground } from "./map_ground.js";
import { drawStreets } from "./map_streets.js";
import { onTheme, stillness } from "./theme.js";

const GLIDE_MS = 1000; // a receiver's usual interval
const FRAME_MS = 50;
const DRIVING_FRAME_MS = 500; // more is no use to a glance
const JUMP_M = 300;
const MOVED_M = 2;
const RETRY_MS = 2000;
const WAY_MODES = ["patrol", "move_on", "over_stay", "at_cap", "away"];
const CLOSE_MODES = ["visit", "away", "uncertain", "lost", "paused"];

const NO_STREETS = { names: [], main: 0, labels: [] };

const canvas = byId("map");
const context = canvas.getContext("2d");
const camera = new Camera();
const ground = new Ground();
let origin = null;
let streets = NO_STREETS;
let snapshot = null;
let course = null;
let from = null;
let to = null;
let began = 0;
let drawn = 0;
let stale = true;

export function startMap() {
  new ResizeObserver(resize).observe(canvas);
  onTheme(() => { stale = true; });
  byId("zoom-in").addEventListener("click", () => zoom(-1));
  byId("zoom-out").addEventListener("click", () => zoom(1));
  load();
  requestAnimationFrame(frame);
}

/** Take a snapshot: the car glides from where it is shown to where it is now. */
export function followCar(next) {
  snapshot = next;
  stale = true;
  if (origin === null) return;
  aim();
  const { east, north } = snapshot.position;
  if (east === null) return;
  const place = [east - origin[0], north - origin[1]];
  const moved = to === null ? Infinity : Math.hypot(place[0] - to[0], place[1] - to[1]);
  if (moved > MOVED_M && moved < JUMP_M) {
    course = Math.atan2(place[0] - to[0], place[1] - to[1]);
    head(course);
  }
  from = moved < JUMP_M ? [camera.x, camera.y] : place;
  to = place;
  began = performance.now();
}

/** The box the map points to, where there is one to go to. */
function goal() {
  const leads = WAY_MODES.includes(snapshot.mode) || (snapshot.mode === "visit" && snapshot.driving === "driving");
  return leads && snapshot.target !== null ? snapshot.target.id : null;
}

function aim() {
  if (origin === null || snapshot === null) return;
  const { position, visit, mode } = snapshot;
  const box = position.east === null ? null : goal();
  const [x, y] = box === null ? [0, 0] : middle(box, origin);
  const away = box === null ? null : Math.hypot(x + origin[0] - position.east, y + origin[1] - position.north);
  camera.aim(visit !== null && CLOSE_MODES.includes(mode), away);
}

async function load() {
  try {
    const answer = await fetch("/api/map");
    if (!answer.ok) throw new Error(`map: ${answer.status}`);
    const map = await answer.json();
    origin = map.origin;
    ground.load(map);
    streets = map.streets ?? NO_STREETS;
    if (snapshot !== null) followCar(snapshot);
  } catch {
    setTimeout(load, RETRY_MS);
  }
}

function resize() {
  const ratio = window.devicePixelRatio;
  camera.width = canvas.clientWidth;
  camera.height = canvas.clientHeight;
  canvas.width = Math.round(camera.width * ratio);
  canvas.height = Math.round(camera.height * ratio);
  aim();
  draw();
}

function zoom(step) {
  camera.zoom(step);
  stale = true;
}

function frame(now) {
  requestAnimationFrame(frame);
  const share = stillness() ? 1 : Math.min(1, (now - began) / GLIDE_MS);
  if (to !== null && (share < 1 || camera.x !== to[0] || camera.y !== to[1])) {
    camera.x = from[0] + (to[0] - from[0]) * Math.max(0, share);
    camera.y = from[1] + (to[1] - from[1]) * Math.max(0, share);
    stale = true;
  }
  if (up() !== camera.up) stale = true;
  const rest = snapshot?.driving === "driving" ? DRIVING_FRAME_MS : FRAME_MS;
  if (!stale || now - drawn < rest || camera.width < 2) return;
  drawn = now;
  draw();
}

function draw() {
  stale = false;
  if (origin === null || snapshot === null || camera.width < 2) return;
  const ratio = window.devicePixelRatio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  camera.up = up();
  ground.draw(context, camera, ratio);
  const taken = drawBoxes(context, camera, origin, snapshot);
  drawBeats(context, camera, ground.beats, taken);
  drawStreets(context, camera, streets, [...taken, ...spared(camera)], snapshot.driving === "driving");
  if (snapshot.position.east !== null) {
    const box = goal();
    if (box !== null) drawWay(context, camera, middle(box, origin));
    drawCar(context, camera, snapshot.position, course);
  }
  drawScale(context, camera);
  drawNorth(context, camera);
}
