// The catalogue of words in the screen's language, as edge/text/words.py has it: codes and their values become words here, and nowhere else.

import { CATALOGUE, LANGUAGE } from "/catalogue.js";

import { GRAMMAR } from "./grammar.js";

export const FOOT_M = 0.3048;
export const MILE_M = 1609.344;

const POINTS = ["n", "ne", "e", "se", "s", "sw", "w", "nw"];

/** The parts of a notice ({ code, values }) in words. */
export function parts({ code, values }) {
  const [group, key] = code.split(".");
  const entry = CATALOGUE[group]?.[key] ?? code;
  return (Array.isArray(entry) ? entry : [entry]).map((sentence) => filled(sentence, values));
}

/** Whether a part of a code's words changes with time or way: it has a time or a distance. */
export function runs(code, index) {
  const [group, key] = code.split(".");
  return /\|(clock|countdown|span|distance)\b/.test([CATALOGUE[group][key]].flat()[index]);
}

/** A notice in words; its parts with a dot between. */
export const say = (notice) => parts(notice).join(" · ");

/** A sentence of the catalogue. */
export const text = (code, values = {}) => say({ code, values });

/** A word of a group; a key that the catalogue does not have is its own word. */
export const word = (group, key) => CATALOGUE[group][key] ?? key.replaceAll("_", " ");

function filled(sentence, values) {
  return sentence.replace(/\{(\w+)((?:\|\w+)*)\}/g, (_, name, filters) =>
    filters.split("|").slice(1).reduce((value, filter) => applied(filter, value), inWords(values[name])));
}

/** A value as a filter takes it; one that is a notice itself is in words. */
const inWords = (value) => (Array.isArray(value) ? value.map(inWords) : value?.code ? say(value) : value);

function applied(filter, value) {
  if (!(filter in CATALOGUE)) return FILTERS[filter](value);
  return Array.isArray(value) ? value.map((one) => word(filter, one)) : word(filter, value);
}

/** 08:46; never negative. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
}

/** 1:35, as a time left is read within a sentence; never negative. */
export const countdown = (seconds) => clock(seconds).replace(/^0/, "");

/** 45 min, 3 h 12 min. */
export function span(seconds) {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  return text(minutes < 60 ? "number.minutes" : "number.hours", { h: Math.floor(minutes / 60), m: minutes % 60 });
}

/** 140 ft, 0.2 mi, 12.0 mi: an American officer's units, of a value in metres. */
export function distance(metres) {
  const miles = metres / MILE_M;
  if (miles < 0.1) return text("number.feet", { n: 10 * Math.floor(metres / FOOT_M / 10 + 0.5) });
  return text("number.miles", { n: (Math.floor(miles * 10 + 0.5) / 10).toFixed(1) });
}

/** How sure a position is: a distance, never less than the ten feet it is rounded to. */
export const accuracy = (metres) => distance(Math.max(10 * FOOT_M, metres));

/** A bearing in degrees as a key of the group `compass`. */
export const point = (bearing) => POINTS[Math.floor(bearing / 45 + 0.5) % 8];

/** A factor of the average box's risk. */
export function times(factor) {
  if (rounded(factor, 1) === "1") return word("number", "same");
  if (factor < 0.1) return word("number", "tenth");
  return text("number.times", { n: rounded(factor, factor < 1 ? 2 : factor < 9.5 ? 1 : 0) });
}

/** How often an incident comes, of the number expected in a shift: once in so many shifts, to two digits. */
export function often(expected) {
  if (expected < 0.0001) return text("number.seldom", { n: thousands(10000) });
  if (expected >= 1.5) return text("number.several", { n: rounded(expected, 1) });
  const shifts = thousands(1 / expected);
  return shifts === "1" ? word("number", "each") : text("number.once_in", { n: shifts });
}

/** Half up to two digits: 1,200. */
function thousands(value) {
  const step = value >= 1 ? Math.max(1, 10 ** (Math.floor(Math.log10(value)) - 1)) : 1;
  return (Math.floor(value / step + 0.5) * step).toLocaleString("en-US");
}

const rounded = (value, digits) => String(Math.floor(value * 10 ** digits + 0.5) / 10 ** digits);

const FILTERS = {
  ...GRAMMAR[LANGUAGE],
  clock, countdown, span, distance, accuracy, point, times, often,
  whole: (value) => rounded(value, 0),
  list: (words) => words.join(", "),
  semicolons: (words) => words.join("; "),
  plus: (words) => words.join(" + "),
  short: (value) => rounded(value, 6),
  upper: (words) => words.toUpperCase(),
  capital: (words) => words.charAt(0).toUpperCase() + words.slice(1),
  sentence: (words) => FILTERS.capital(words) + (/[.…]$/.test(words) ? "" : "."),
  count: (number) => number.toLocaleString("en-US"),
};

export const crimeTypes = (types) => types.map((one) => word("crime_type", one)).join(" + ").toUpperCase();

/** A bearing in degrees as a word. */
export const direction = (bearing) => word("compass", point(bearing));

let timeOfDay = null;

/** 22:41 in the agency's zone. */
export function wallClock(utc) {
  timeOfDay ??= new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit", minute: "2-digit", timeZone: document.body.dataset.zone,
  });
  return timeOfDay.format(new Date(utc * 1000));
}
