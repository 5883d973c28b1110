// What stands still under the car: land, water, streets, beats. Drawn once into a larger canvas, then only moved.
// Streets and water are the basemap's where there is one, else the bundle's lines.

import { colour } from "./palette.js";

const MARGIN_PX = 140;
const WIDTHS = { district: 2.5, boundary: 3, beat: 1.5, opt_out: 1.5 };
const NO_NAMES = { streets: { names: [], main: 0, labels: [] }, areas: [] };
const STREETS = { street: { metres: 9, least: 1 }, main_street: { metres: 15, least: 2.4 } };

export class Ground {
  constructor(basemap) {
    this.basemap = basemap;
    this.detailed = false; // whether the basemap is on it, with these names
    this.names = NO_NAMES;
    this.layers = [];
    this.canvas = document.createElement("canvas");
    this.key = "";
  }

  /** Take the map of `/api/map`; each line gets its bounds, so that what is out of sight is not drawn. */
  load(map) {
    this.layers = map.layers.map((layer) => ({ ...layer, lines: layer.lines.map(withBounds) }));
    this.basemap.load(map);
    this.stale();
  }

  /** There is something else to paint. */
  stale() {
    this.key = "";
  }

  /** The beats' names: [x, y, text], in metres. */
  get beats() {
    return this.layers.filter((layer) => layer.kind === "beat").flatMap((layer) => layer.labels);
  }

  /** Whether it can be painted as it is to be: a basemap that will be there at once is waited for. */
  ready(camera) {
    return !this.basemap.awaited || this.basemap.ready(viewOf(camera, camera.x, camera.y), this.basemap.news);
  }

  /** Put the ground under a camera's view. */
  draw(context, camera, ratio) {
    const scale = camera.metresPerPixel;
    const [width, height] = sizeFor(camera);
    const key = [scale, camera.width, camera.height, ratio, colour("land")].join(" ");
    const moved = Math.max(Math.abs(camera.x - this.x), Math.abs(camera.y - this.y)) / scale;
    if (key !== this.key || !(moved < MARGIN_PX)) this.render(camera, ratio, key);
    else if (moved > MARGIN_PX / 2) this.basemap.ready(viewOf(camera, camera.x, camera.y)); // the next one's tiles
    context.save();
    context.translate(camera.width / 2, camera.height / 2);
    context.rotate(-camera.up);
    const [dx, dy] = [(this.x - camera.x) / scale, (camera.y - this.y) / scale];
    context.drawImage(this.canvas, dx - width / 2, dy - height / 2, width, height);
    context.restore();
  }

  render(camera, ratio, key) {
    this.key = key;
    this.x = camera.x;
    this.y = camera.y;
    const context = this.canvas.getContext("2d");
    const view = { ...viewOf(camera, this.x, this.y), context };
    const { width, height } = view;
    this.canvas.width = width * ratio;
    this.canvas.height = height * ratio;
    context.scale(ratio, ratio);
    context.fillStyle = colour("outside");
    context.fillRect(0, 0, width, height);
    fillLand(view, this.layers);
    this.detailed = this.basemap.ready(view, this.basemap.news);
    for (const layer of this.layers.filter(({ kind }) => kind === "water")) PAINT[layer.kind](view, layer);
    this.names = this.detailed ? this.basemap.paint(view) : NO_NAMES;
    if (this.names === null) {
      this.render(camera, ratio, key); // without it
      return;
    }
    for (const layer of this.layers.filter(({ kind }) => kind !== "water")) {
      if (!(this.detailed && layer.kind in STREETS)) PAINT[layer.kind](view, layer);
    }
  }
}

const PAINT = {
  boundary: outline, district: outline, beat: outline, street: streets, main_street: streets, water, opt_out: closedArea,
};

/** Of a canvas that covers the view however it is turned, and some way on: by whole pixels on each side. */
function sizeFor(camera) {
  const across = Math.hypot(camera.width, camera.height);
  return [camera.width, camera.height].map((side) => side + 2 * (Math.ceil((across - side) / 2) + MARGIN_PX));
}

/** What a ground around a place of the plane shows: its size in pixels, metres a pixel, its north-western corner. */
function viewOf(camera, x, y) {
  const [width, height] = sizeFor(camera);
  const scale = camera.metresPerPixel;
  return { scale, width, height, left: x - (width / 2) * scale, top: y + (height / 2) * scale };
}

function withBounds(points) {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    west = Math.min(west, points[i]);
    east = Math.max(east, points[i]);
    south = Math.min(south, points[i + 1]);
    north = Math.max(north, points[i + 1]);
  }
  const last = points.length - 2;
  const ring = points.length > 6 && points[0] === points[last] && points[1] === points[last + 1];
  return { points, west, south, east, north, ring };
}

function inSight(view, line) {
  const right = view.left + view.width * view.scale;
  const bottom = view.top - view.height * view.scale;
  return line.east >= view.left && line.west <= right && line.north >= bottom && line.south <= view.top;
}

function trace(view, lines) {
  const { context, scale, left, top } = view;
  context.beginPath();
  for (const { points } of lines) {
    context.moveTo((points[0] - left) / scale, (top - points[1]) / scale);
    for (let i = 2; i < points.length; i += 2) {
      context.lineTo((points[i] - left) / scale, (top - points[i + 1]) / scale);
    }
  }
}

function fillLand(view, layers) {
  const boundary = layers.find((layer) => layer.kind === "boundary");
  if (!boundary) return;
  trace(view, boundary.lines);
  view.context.fillStyle = colour("land");
  view.context.fill("evenodd");
}

/** How a street is drawn: pixels wide, and its colour's name. */
export function streetStyle(kind, scale) {
  const { metres, least } = STREETS[kind];
  return { width: Math.min(metres, Math.max(least, metres / scale)), name: scale > 5 ? `${kind}-far` : kind };
}

function streets(view, layer) {
  const { context, scale } = view;
  const { width, name } = streetStyle(layer.kind, scale);
  trace(view, layer.lines.filter((line) => inSight(view, line)));
  context.lineCap = context.lineJoin = "round";
  context.setLineDash([]);
  context.lineWidth = width;
  context.strokeStyle = colour(name);
  context.stroke();
}

function water(view, layer) {
  const lines = layer.lines.filter((line) => inSight(view, line));
  trace(view, lines.filter((line) => line.ring));
  view.context.fillStyle = colour("water");
  view.context.fill("evenodd");
  trace(view, lines.filter((line) => !line.ring));
  view.context.lineWidth = Math.max(2, 12 / view.scale);
  view.context.strokeStyle = colour("water");
  view.context.stroke();
}

function closedArea(view, layer) {
  trace(view, layer.lines.filter((line) => inSight(view, line)));
  view.context.fillStyle = colour("opt_out");
  view.context.fill("evenodd");
}

function outline(view, layer) {
  trace(view, layer.lines.filter((line) => inSight(view, line)));
  view.context.setLineDash(layer.kind === "beat" ? [7, 6] : []);
  view.context.lineWidth = WIDTHS[layer.kind];
  view.context.strokeStyle = colour(layer.kind);
  view.context.stroke();
}
