// The briefing's map on a panel: its letters as large as all others, none over another. What has no room is in the list below.

const CENTRED = 0.36; // of a text's size, from its middle down to its baseline
const SPOTS = [0, -1, 1]; // where a box's number may stand: in it, above it, below it

/** Set the letters of a map; `size`: pixels. */
export function letter(ground, size) {
  const frame = ground.getBoundingClientRect();
  const unit = ground.viewBox.baseVal.width / frame.width; // of the drawing, in a pixel
  ground.style.setProperty("--letter", `${size * unit}px`);
  const boxes = [...ground.querySelectorAll(".box")];
  const squares = boxes.map((one) => one.getBoundingClientRect());
  const taken = [...ground.querySelectorAll(".scale")].map((one) => one.getBoundingClientRect());
  for (const [index, number] of [...ground.querySelectorAll(".number")].entries()) {
    const own = Number(number.getAttribute("font-size"));
    const side = boxes[index].height.baseVal.value;
    const others = squares.filter((_, at) => at !== index);
    const free = SPOTS.some((spot) => {
      const down = (size * unit - own) * CENTRED + spot * (side / 2 + size * unit * 0.7);
      number.style.setProperty("--down", `${down}px`);
      return isFree(number, frame, spot === 0 ? taken : [...taken, ...others]);
    });
    seat(number, free, taken);
  }
  for (const name of ground.querySelectorAll(".street-name")) seat(name, isFree(name, frame, [...taken, ...squares]), taken);
}

function seat(text, free, taken) {
  text.classList.toggle("crowded", !free);
  if (free) taken.push(text.getBoundingClientRect());
}

function isFree(text, frame, taken) {
  const own = text.getBoundingClientRect();
  const inside = own.left >= frame.left && own.right <= frame.right && own.top >= frame.top && own.bottom <= frame.bottom;
  return inside && taken.every((one) => own.right <= one.left || own.left >= one.right || own.bottom <= one.top || own.top >= one.bottom);
}
