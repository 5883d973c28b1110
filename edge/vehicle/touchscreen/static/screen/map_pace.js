// When the map is drawn: at once where the officer asks for it, else not oftener than a glance has any use for.

const REST_MS = { parked: 1000, driving: 500, overridden: 500 };

export class Pace {
  #draw;
  #drawn = -Infinity;
  #timer = 0;

  /** `draw` answers whether there was anything to draw. */
  constructor(draw) {
    this.#draw = draw;
  }

  /** Draw now: what was to be drawn soon is in it. */
  now() {
    clearTimeout(this.#timer);
    if (this.#draw()) this.#drawn = performance.now();
  }

  /** Draw as soon as the last drawing has stood for long enough. */
  soon(driving) {
    clearTimeout(this.#timer);
    const rest = this.#drawn + REST_MS[driving] - performance.now();
    if (rest <= 0) this.now();
    else this.#timer = setTimeout(() => this.now(), rest);
  }
}
