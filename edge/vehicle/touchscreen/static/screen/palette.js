// The map's colours are the style sheet's, so a theme is written once.

import { onTheme } from "./theme.js";

let cache = new Map();

onTheme(() => {
  cache = new Map();
});

/** The value of `--map-<name>`. */
export const colour = (name) => tint(`map-${name}`);

/** The value of `--<name>`. */
export function tint(name) {
  if (!cache.has(name)) {
    cache.set(name, getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim());
  }
  return cache.get(name);
}

export const FONT = '"DejaVu Sans", system-ui, sans-serif';

/** Words to be written on the map: their weight and size in pixels, around the middle, with a rim of the land's colour. */
export function label(context, weight, size) {
  context.font = `${weight} ${size}px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = colour("land");
  context.fillStyle = colour("label");
  context.setLineDash([]);
}
