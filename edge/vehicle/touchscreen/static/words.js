// Numbers as an officer reads them.

/** 08:46; never negative. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
}

/** 40 m, 350 m, 1.2 km. */
export function distance(metres) {
  if (metres < 1000) return `${Math.round(metres / 10) * 10} m`;
  return `${(metres / 1000).toFixed(metres < 10_000 ? 1 : 0)} km`;
}

const POINTS = ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"];

/** A bearing in degrees as a point of the compass. */
export const direction = (bearing) => POINTS[Math.round(bearing / 45) % 8];

/** 3 h 12 min, 45 min. */
export function span(seconds) {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export const crimeTypes = (types) => types.map((one) => one.replaceAll("_", " ")).join(" + ").toUpperCase();

let timeOfDay = null;

/** 22:41 in the agency's zone. */
export function wallClock(utc) {
  timeOfDay ??= new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit", minute: "2-digit", timeZone: document.body.dataset.zone,
  });
  return timeOfDay.format(new Date(utc * 1000));
}
