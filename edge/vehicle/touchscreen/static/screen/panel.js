// How large things are on this panel: what is measured in millimetres, in its pixels.

const MM_PER_INCH = 25.4;
const READ_MM = 3.8;

/** How many pixels a millimetre of this panel has. */
export function millimetre() {
  return Math.hypot(window.innerWidth, window.innerHeight) / (Number(document.body.dataset.diagonal) * MM_PER_INCH);
}

/** The size of the smallest text, in pixels; never under so many. */
export const readable = (least) => Math.max(least, Math.ceil(READ_MM * millimetre()));
