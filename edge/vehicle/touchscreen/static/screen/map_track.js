// Where the map has the car, and which way it goes: a receiver's small errors move and turn nothing.

const LEAST_PX = 1;
const PARKED_M = 4; // a parked car's position wanders by so much
const LEG_M = 8; // of the way from which a course is taken
const JUMP_M = 300;
const NEWS = 0.6; // of a new leg in the course

export class Track {
  constructor() {
    this.place = null; // metres from the map's origin
    this.course = null; // radians from north
    this.corner = null; // where the leg began
  }

  /** Take a position. `scale`: metres a pixel; `parked`: whether the car stands. */
  take(place, scale, parked) {
    if (far(this.place, place) >= (parked ? PARKED_M : LEAST_PX * scale)) this.place = place;
    const leg = far(this.corner, place);
    if (parked || leg > JUMP_M) this.corner = place;
    else if (leg >= LEG_M) this.turn(place);
  }

  turn(place) {
    const way = Math.atan2(place[0] - this.corner[0], place[1] - this.corner[1]);
    const old = this.course ?? way;
    const [sine, cosine] = [Math.sin, Math.cos].map((of) => NEWS * of(way) + (1 - NEWS) * of(old));
    this.course = Math.atan2(sine, cosine);
    this.corner = place;
  }
}

const far = (one, other) => (one === null ? Infinity : Math.hypot(one[0] - other[0], one[1] - other[1]));
