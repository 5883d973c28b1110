// A crime type as a colored plate of two letters: on the map beside a box's state, and before its words on a card.

import { FONT, tint } from "./palette.js";
import { readable } from "./panel.js";
import { word } from "./words.js";

const LETTERS = "crime_type_letters";
const LEAST_PX = 16;
const [WIDE, HIGH, CHIP] = [1.95, 1.4, 0.6]; // of the text's size
const GAP_PX = 3;

/** A plate as an element; the words stand beside it. */
export function plate(type) {
  const element = document.createElement("b");
  element.className = "crime";
  element.dataset.crime = type;
  element.ariaHidden = "true";
  element.textContent = word(LETTERS, type);
  return element;
}

/** Draw as many plates as a width has room for, in a row around a point; where there is none for letters, the colors. */
export function drawPlates(context, types, x, y, width) {
  const text = readable(LEAST_PX);
  const lettered = fitting(WIDE * text, width) > 0;
  const wide = lettered ? WIDE * text : CHIP * text;
  const high = lettered ? HIGH * text : CHIP * text;
  const drawn = types.slice(0, fitting(wide, width));
  const left = x - (drawn.length * (wide + GAP_PX) - GAP_PX) / 2;
  for (const [index, type] of drawn.entries()) {
    drawPlate(context, type, left + index * (wide + GAP_PX), y, wide, high);
    if (lettered) drawLetters(context, type, left + index * (wide + GAP_PX) + wide / 2, y, text);
  }
}

const fitting = (wide, width) => Math.max(0, Math.floor((width + GAP_PX) / (wide + GAP_PX)));

function drawPlate(context, type, left, y, wide, high) {
  context.beginPath();
  context.roundRect(left, y - high / 2, wide, high, Math.min(5, high / 4));
  context.fillStyle = tint(`crime-${type}`);
  context.fill();
  context.strokeStyle = tint(`crime-${type}-text`);
  context.lineWidth = 2;
  context.stroke();
}

function drawLetters(context, type, x, y, size) {
  context.fillStyle = tint(`crime-${type}-text`);
  context.font = `800 ${size}px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(word(LETTERS, type), x, y + 1);
}
