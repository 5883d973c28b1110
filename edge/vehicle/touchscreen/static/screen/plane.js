// Between the agency's plane (metres), degrees, and the square world of the tiles (Web Mercator).

const ROUNDS = 6; // of Newton's rule; each leaves less than a hundredth of what was lacking

/** The polynomials of `/api/map`'s `plane`: degrees of a place in metres from the map's origin. */
export class Plane {
  constructor({ lat0, lon0, scale, east, north }, origin) {
    Object.assign(this, { lat0, lon0, scale, east, north, origin });
  }

  /** Longitude and latitude. */
  degrees(x, y) {
    const [a, b, c, d] = [this.east[1], this.east[2], this.north[1], this.north[2]];
    const across = a * d - b * c;
    let [u, v] = [0, 0];
    for (let round = 0; round < ROUNDS; round += 1) {
      const right = x + this.origin[0] - polynomial(this.east, u, v);
      const up = y + this.origin[1] - polynomial(this.north, u, v);
      u += (right * d - up * b) / across;
      v += (up * a - right * c) / across;
    }
    return [this.lon0 + u * this.scale, this.lat0 + v * this.scale];
  }

  /** The place in a world that is `side` wide, from its north-western corner. */
  world(x, y, side) {
    const [lon, lat] = this.degrees(x, y);
    const north = Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI);
    return [(lon / 360 + 0.5) * side, (0.5 - north) * side];
  }
}

/** By degree: 1, u, v, u², uv, v², … */
function polynomial(coefficients, u, v) {
  let [sum, at] = [0, 0];
  for (let degree = 0; at < coefficients.length; degree += 1) {
    for (let up = 0; up <= degree; up += 1, at += 1) sum += coefficients[at] * u ** (degree - up) * v ** up;
  }
  return sum;
}
