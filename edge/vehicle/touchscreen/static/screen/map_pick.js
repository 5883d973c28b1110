// A box is chosen by a finger on the map of a car that stands: one of the plan; any, for who may change the plan.

import { glancesOnly } from "./driving.js";
import { middle } from "./map_car.js";
import { millimetre } from "./panel.js";
import { openWhy } from "./why.js";

const BOX_M = 250;
const FINGER_MM = 6; // half of what a finger covers

/** Open the sheet of the box at a place of the canvas, in pixels, where there is one to be chosen. */
export function pick(across, down, camera, origin, snapshot) {
  if (glancesOnly(snapshot) || snapshot.officer === null || document.body.dataset.settled !== "true") return;
  const [x, y] = camera.toPlane(across, down);
  const here = [x + origin[0], y + origin[1]].map((one) => Math.floor(one / BOX_M)).join("-");
  const inPlan = snapshot.boxes.some(({ id }) => id === here);
  if (inPlan || !("add-box" in snapshot.not_now)) {
    openWhy(here);
    return;
  }
  const near = nearest(across, down, camera, origin, snapshot.boxes);
  if (near !== undefined) openWhy(near);
}

/** The box of the plan under a finger whose middle is nearest: far out a box is smaller than a finger. */
function nearest(across, down, camera, origin, boxes) {
  const away = ({ id }) => {
    const [x, y] = camera.toScreen(...middle(id, origin));
    return Math.hypot(x - across, y - down);
  };
  const under = boxes.filter((box) => away(box) <= FINGER_MM * millimetre());
  return under.sort((one, other) => away(one) - away(other))[0]?.id;
}
