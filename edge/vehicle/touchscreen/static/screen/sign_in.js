// The keypad of a signed-out car.

import { byId, setText, show } from "./dom.js";
import { glancesOnly } from "./driving.js";
import { tap } from "./taps.js";

const LONGEST = 12;

const go = byId("sign-in-go");
let badge = "";

byId("keypad").addEventListener("click", (event) => {
  const key = event.target.closest("[data-key]");
  if (key) press(key.dataset.key);
});
go.addEventListener("click", async () => {
  await tap(go, "sign-in", { officer: badge });
  press("clear");
});
document.addEventListener("keydown", (event) => {
  if (byId("sign-in").hidden || byId("keypad").hidden || !/^\d$|^Backspace$/.test(event.key)) return;
  press(event.key === "Backspace" ? "back" : event.key);
});

export function renderSignIn(view) {
  show(byId("sign-in"), view.mode === "signed_out");
  const gone = glancesOnly(view);
  for (const part of ["badge", "keypad"]) show(byId(part), !gone);
  show(byId("sign-in-moving"), gone);
}

function press(key) {
  if (key === "clear") badge = "";
  else if (key === "back") badge = badge.slice(0, -1);
  else if (badge.length < LONGEST) badge += key;
  setText(byId("badge-id"), badge);
  go.disabled = badge === "";
}
