// Where the map looks: at the car, near enough to see the box it is in or far enough to see the next one.

const LEVELS = [0.7, 1, 1.4, 2, 2.8, 4, 5.6, 8, 11, 16, 24]; // metres a pixel
const CLOSE = 2;
const AROUND = 4;
const FARTHEST_AUTO = 8;
const MARGIN_PX = 40;

export class Camera {
  constructor() {
    this.x = 0;
    this.y = 0;
    this.up = 0; // radians from north
    this.width = 1;
    this.height = 1;
    this.level = 5;
    this.offset = 0;
    this.close = false;
    this.covered = []; // by buttons: rectangles { left, top, right, bottom } in pixels
  }

  get metresPerPixel() {
    return LEVELS[Math.min(LEVELS.length - 1, Math.max(0, this.level + this.offset))];
  }

  zoom(step) {
    const level = this.level + this.offset + step;
    if (level >= 0 && level < LEVELS.length) this.offset += step;
  }

  /** Choose the zoom: close in a visit, else to show a goal so many metres away, if there is one.
   *
   * The officer's own steps hold until a visit begins or ends. */
  aim(close, goal) {
    if (close !== this.close) this.offset = 0;
    this.close = close;
    if (goal !== null) this.level = this.levelFor(goal);
    else this.level = close ? CLOSE : AROUND;
  }

  /** The nearest level that shows a place so far away; it changes only when it must. */
  levelFor(metres) {
    const half = Math.min(this.width, this.height) / 2 - MARGIN_PX;
    const fits = LEVELS.findIndex((level) => level >= metres / half);
    const wanted = Math.min(fits < 0 ? LEVELS.length - 1 : Math.max(fits, CLOSE + 1), LEVELS.indexOf(FARTHEST_AUTO));
    const stays = this.level === wanted + 1 && metres > LEVELS[wanted] * half * 0.8;
    return stays ? this.level : wanted;
  }

  toScreen(x, y) {
    const scale = this.metresPerPixel;
    const [right, down] = [(x - this.x) / scale, (this.y - y) / scale];
    const [sine, cosine] = [Math.sin(this.up), Math.cos(this.up)];
    return [this.width / 2 + right * cosine + down * sine, this.height / 2 - right * sine + down * cosine];
  }

  /** The place of the plane that a point of the screen shows. */
  toPlane(across, downward) {
    const scale = this.metresPerPixel;
    const [dx, dy] = [across - this.width / 2, downward - this.height / 2];
    const [sine, cosine] = [Math.sin(this.up), Math.cos(this.up)];
    return [this.x + scale * (dx * cosine - dy * sine), this.y - scale * (dx * sine + dy * cosine)];
  }
}
