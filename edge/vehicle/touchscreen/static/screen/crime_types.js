// A crime type as a colored plate of two letters: on the map beside a box's state, and before its words on a card.

import { FONT, tint } from "./palette.js";
import { word } from "./words.js";

const LETTERS = "crime_type_letters";
const [WIDE_PX, HIGH_PX, GAP_PX, TEXT_PX] = [32, 24, 3, 16];

/** A plate as an element; the words stand beside it. */
export function plate(type) {
  const element = document.createElement("b");
  element.className = "crime";
  element.dataset.crime = type;
  element.ariaHidden = "true";
  element.textContent = word(LETTERS, type);
  return element;
}

/** Draw as many plates as a width has room for, in a row around a point; what is drawn grows with `scale`. */
export function drawPlates(context, types, x, y, width, scale) {
  const wide = WIDE_PX * scale;
  const step = wide + GAP_PX;
  const drawn = types.slice(0, Math.floor((width + GAP_PX) / step));
  const left = x - (drawn.length * step - GAP_PX) / 2;
  for (const [index, type] of drawn.entries()) drawPlate(context, type, left + index * step, y, wide, scale);
}

function drawPlate(context, type, left, y, wide, scale) {
  const high = HIGH_PX * scale;
  context.beginPath();
  context.roundRect(left, y - high / 2, wide, high, 5);
  context.fillStyle = tint(`crime-${type}`);
  context.fill();
  context.strokeStyle = context.fillStyle = tint(`crime-${type}-text`);
  context.lineWidth = 2;
  context.stroke();
  context.font = `800 ${TEXT_PX * scale}px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(word(LETTERS, type), left + wide / 2, y + 1);
}
