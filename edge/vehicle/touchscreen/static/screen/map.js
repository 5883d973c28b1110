// The map: follows the car, its heading up, drawn by ourselves in metres of the plane; only when it would be another.

import { Basemap } from "./basemap.js";
import { Camera } from "./camera.js";
import { byId } from "./dom.js";
import { head, onNorth, up } from "./heading.js";
import { drawAreas } from "./map_areas.js";
import { drawBeats } from "./map_beats.js";
import { drawBoxes } from "./map_boxes.js";
import { drawCar, drawNorth, drawScale, drawWay, middle, spared } from "./map_car.js";
import { creditBox, drawCredit } from "./map_credit.js";
import { Ground } from "./map_ground.js";
import { drawOthers } from "./map_others.js";
import { Pace } from "./map_pace.js";
import { pick } from "./map_pick.js";
import { drawStreets } from "./map_streets.js";
import { Track } from "./map_track.js";
import { onTheme } from "./theme.js";

const RETRY_MS = 2000;
const WAY_MODES = ["patrol", "move_on", "over_stay", "at_cap", "away"];
const CLOSE_MODES = ["visit", "away", "uncertain", "lost", "paused"];

const TURNS = 60 / Math.PI; // steps of 3 degrees
const STEP_PX = 4; // by which the circle of the accuracy grows

const NO_STREETS = { names: [], main: 0, labels: [] };

const canvas = byId("map");
const context = canvas.getContext("2d");
const buttons = [...canvas.parentElement.querySelectorAll("button")];
const camera = new Camera();
const basemap = new Basemap(repaint);
const ground = new Ground(basemap);

let origin = null;
let streets = NO_STREETS;
let snapshot = null;
let shown = "";

const track = new Track();
const pace = new Pace(draw);

export function startMap() {
  basemap.follow(document.body.dataset.basemap ?? null); // sooner than by the first snapshot
  new ResizeObserver(resize).observe(canvas);
  onTheme(() => pace.now());
  onNorth(() => pace.now());
  byId("zoom-in").addEventListener("click", () => zoom(-1));
  byId("zoom-out").addEventListener("click", () => zoom(1));
  canvas.addEventListener("click", ({ offsetX, offsetY }) => {
    if (origin !== null && snapshot !== null) pick(offsetX, offsetY, camera, origin, snapshot);
  });
  load();
}

/** Take a snapshot; the map is drawn where it would be another one. */
export function followCar(next) {
  snapshot = next;
  basemap.follow(snapshot.basemap.version);
  if (origin === null) return;
  aim();
  const { position, driving } = snapshot;
  if (position.east !== null) {
    const place = [position.east - origin[0], position.north - origin[1]];
    track.take(place, camera.metresPerPixel, driving === "parked");
    [camera.x, camera.y] = track.place;
    if (track.course !== null) head(track.course);
  }
  if (picture() !== shown) pace.soon(driving);
}

/** All that the map shows, as far as an eye can tell. */
function picture() {
  const { position, visit, target, boxes, driving } = snapshot;
  return JSON.stringify([
    camera.x, camera.y, camera.metresPerPixel, Math.round(up() * TURNS), track.course === null, driving, goal(),
    position.quality, Math.round((position.accuracy ?? 0) / camera.metresPerPixel / STEP_PX), visit?.box, target?.id,
    boxes.map(({ id, status, others, others_now: now }) => [id, status, others, now]),
  ]);
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
  pace.now();
}

/** There is another ground: at once for who asked for it by a finger, while driving as soon as the map may be drawn. */
function repaint() {
  ground.stale();
  if (snapshot === null || snapshot.driving !== "driving") pace.now();
  else pace.soon(snapshot.driving);
}

function zoom(step) {
  camera.zoom(step);
  pace.now();
}

/** Whether the map is seen, and as large as the camera takes it to be; else it is about to be measured, and drawn then. */
const isMeasured = () => camera.width >= 2 && canvas.clientWidth === camera.width && canvas.clientHeight === camera.height;

/** What of the map lies under buttons. */
function covered() {
  const { left, top } = canvas.getBoundingClientRect();
  return buttons.filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect())
    .map((one) => ({ left: one.left - left, top: one.top - top, right: one.right - left, bottom: one.bottom - top }));
}

function draw() {
  if (origin === null || snapshot === null || !isMeasured() || !ground.ready(camera)) return false;
  shown = picture();
  const ratio = window.devicePixelRatio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  camera.up = up();
  ground.draw(context, camera, ratio);
  camera.covered = covered();
  const boxes = drawBoxes(context, camera, origin, snapshot);
  drawOthers(context, camera, origin, snapshot.boxes);
  const taken = [
    ...boxes, ...camera.covered, ...spared(camera), ...(ground.detailed ? [creditBox(context, camera)] : []),
  ];
  drawBeats(context, camera, ground.beats, taken);
  drawStreets(context, camera, streets.labels.length ? streets : ground.names.streets, taken);
  if (snapshot.driving !== "driving") drawAreas(context, camera, ground.names.areas, taken);
  if (snapshot.position.east !== null) {
    const box = goal();
    if (box !== null) drawWay(context, camera, middle(box, origin));
    drawCar(context, camera, snapshot.position, track.course);
  }
  drawScale(context, camera);
  if (ground.detailed) drawCredit(context, camera);
  drawNorth(context, camera);
  return true;
}
