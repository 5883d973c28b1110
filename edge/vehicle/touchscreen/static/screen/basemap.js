// The offline basemap under the boxes: tiles of OpenStreetMap's streets, painted on the ground's canvas, which the map
// then turns and moves as ever. Whatever goes wrong here, the ground is drawn without it.

import { basemapNames } from "./basemap_names.js";
import { basemapRules } from "./basemap_rules.js";
import { Plane } from "./plane.js";

const SOFTWARE = "/static/vendor/basemap.js";
const TILE_PX = 512;
const WORLD_PX = 256; // of zoom 0
const MOST_TILES = 64;
const PATIENCE_MS = 1500; // so long the map is not drawn without it

export class Basemap {
  /** `news`: called when there is another ground to paint. */
  constructor(news) {
    this.news = news;
    this.version = null;
    this.plane = null;
    this.reader = null; // { kit, source, view } while there is a map that can be shown
    this.tiles = new Map();
    this.asked = 0;
    this.awaitedUntil = -Infinity;
  }

  /** Whether it is not on the map yet, and should be very soon. */
  get awaited() {
    return performance.now() < this.awaitedUntil;
  }

  /** Take the agency's `/api/map`. */
  load(map) {
    this.plane = new Plane(map.plane, map.origin);
  }

  /** Show the file of a version; null: none. */
  async follow(version) {
    if (version === this.version) return;
    this.version = version;
    this.give(null);
    if (version === null) return;
    this.awaitedUntil = performance.now() + PATIENCE_MS;
    try {
      const kit = await import(SOFTWARE);
      const source = new kit.PmtilesSource(`/basemap/${version}.pmtiles`, false);
      const { maxZoom } = await source.p.getHeader();
      if (version === this.version) this.give({ kit, source, view: new kit.View({ tileSize: TILE_PX }, maxZoom, 1) });
    } catch {
      if (version === this.version) this.give(null);
    }
  }

  give(reader) {
    const news = reader !== this.reader || this.awaited;
    this.reader = reader;
    this.tiles = new Map();
    if (reader === null) this.awaitedUntil = -Infinity;
    if (news) this.news();
  }

  /** Whether all that a view of the ground needs is there; what is not is asked for, and `then` called with it, unless
   * another view was asked for since. Without `then` only what will be needed is asked for. */
  ready(ground, then = null) {
    if (this.reader === null || this.plane === null) return false;
    const tiles = this.frame(ground).tiles.map(({ dataTile }) => this.ask(dataTile));
    const lacking = tiles.filter((tile) => tile instanceof Promise);
    if (lacking.length === 0) return true;
    if (then !== null) this.asked += 1;
    const { reader, asked } = this;
    Promise.all(lacking).then(
      () => reader === this.reader && asked === this.asked && then?.(),
      () => reader === this.reader && this.give(null), // it cannot be read: our own ground until there is another file
    );
    return false;
  }

  /** The layers of a tile, or the promise of them. */
  ask({ z, x, y }) {
    const key = `${z}/${x}/${y}`;
    const held = this.tiles.get(key);
    if (held !== undefined) {
      this.tiles.delete(key); // the last asked for is the last that goes
      this.tiles.set(key, held);
      return held;
    }
    const { tiles, reader: { source } } = this;
    source.zoomaborts = []; // it would hold one for each tile, for ever
    const coming = source.get({ z, x, y }, TILE_PX).then((layers) => tiles.set(key, layers));
    tiles.set(key, coming);
    for (const old of [...tiles.keys()].slice(0, -MOST_TILES)) tiles.delete(old);
    return coming;
  }

  /** Paint a view of the ground that is ready; the names on it, in metres of the plane. Null where its tiles hold what
   * cannot be painted: it is given up, and the canvas has to be painted anew. */
  paint(ground) {
    this.awaitedUntil = -Infinity;
    try {
      return this.painted(ground);
    } catch {
      this.reader = null;
      return null;
    }
  }

  painted(ground) {
    const { kit } = this.reader;
    const { zoom, tiles, origin, turn, unit, bounds } = this.frame(ground);
    const prepared = tiles.map((tile) => ({ ...tile, z: zoom, data: this.ask(tile.dataTile) }));
    const { context, width, height, scale, left, top } = ground;
    context.save();
    context.transform(...turn, width / 2, height / 2);
    context.setLineDash([]);
    kit.paint(context, zoom, new Map([["", prepared]]), null, basemapRules(kit, scale, unit), bounds, origin, false);
    context.restore();
    return basemapNames(prepared, ({ x, y }) => {
      const [right, down] = [x - origin.x, y - origin.y];
      const across = width / 2 + turn[0] * right + turn[2] * down;
      const below = height / 2 + turn[1] * right + turn[3] * down;
      return [left + across * scale, top - below * scale];
    });
  }

  /** How the tiles' world lies under a view: over some kilometres of a city the two differ by a turn and a stretch.
   *
   * `origin`: the world's place under the view's middle; `turn`: from there to the canvas; `unit`: the world's pixels in
   * one of the canvas. */
  frame({ width, height, scale, left, top }) {
    const [x, y] = [left + (width / 2) * scale, top - (height / 2) * scale];
    const at = (side) => (dx, dy) => this.plane.world(x + dx * scale, y - dy * scale, side);
    const [near, far] = [at(WORLD_PX)(0, 0), at(WORLD_PX)(width / 2, 0)];
    const zoom = Math.round(Math.log2(width / 2 / Math.hypot(far[0] - near[0], far[1] - near[1])));
    const place = at(WORLD_PX * 2 ** zoom);
    const [middle, right, below] = [place(0, 0), place(width / 2, 0), place(0, height / 2)];
    const [a, b] = [0, 1].map((axis) => (right[axis] - middle[axis]) / (width / 2));
    const [c, d] = [0, 1].map((axis) => (below[axis] - middle[axis]) / (height / 2));
    const size = a * d - b * c;
    const reach = [Math.abs(a) * width + Math.abs(c) * height, Math.abs(b) * width + Math.abs(d) * height];
    const bounds = {
      minX: middle[0] - reach[0] / 2, minY: middle[1] - reach[1] / 2,
      maxX: middle[0] + reach[0] / 2, maxY: middle[1] + reach[1] / 2,
    };
    return {
      zoom, bounds, unit: Math.sqrt(size), origin: { x: middle[0], y: middle[1] },
      turn: [d / size, -b / size, -c / size, a / size],
      tiles: this.reader.view.dataTilesForBounds(zoom, bounds),
    };
  }
}
