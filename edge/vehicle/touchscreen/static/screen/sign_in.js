// Signing in: an id, then the PIN where the car has a roster. A PIN is never shown, and forgotten once it was sent.

import { byId, setText, show } from "./dom.js";
import { glancesOnly } from "./driving.js";
import { setLetters, turnPage } from "./keys.js";
import { tap } from "./taps.js";
import { text } from "./words.js";

const LONGEST = 12;
const DOT = "•";

const go = byId("sign-in-go");
let asksPin = false; // whether the car has a roster
let purpose = "sign-in"; // the tap that it is for
let badge = "";
let pin = null; // digits, once the id is entered

byId("keypad").addEventListener("click", (event) => {
  const key = event.target.closest("[data-key]");
  if (key) press(key.dataset.key);
});
go.addEventListener("click", async () => {
  if (asksPin && pin === null) {
    pin = "";
    return showEntered();
  }
  const taken = await tap(go, purpose, asksPin ? { officer: badge, pin } : { officer: badge });
  if (taken) badge = "";
  pin = taken || !asksPin ? null : "";
  return showEntered();
});
document.addEventListener("keydown", ({ key }) => {
  if (byId("sign-in").hidden || byId("keypad").hidden || !/^[\dA-Za-z-]$|^Backspace$/.test(key)) return;
  press(key === "Backspace" ? "back" : key.toUpperCase());
});

export function renderSignIn(view) {
  show(byId("sign-in"), view.mode === "signed_out" || byId("who-sheet").open);
  const gone = glancesOnly(view);
  for (const part of ["badge", "keypad"]) show(byId(part), !gone && view.sign_in.open);
  show(byId("sign-in-moving"), gone);
  show(byId("sign-in-closed"), !gone && !view.sign_in.open);
  if (asksPin !== view.sign_in.pin || gone) forget(view.sign_in.pin);
  setLetters(pin === null ? view.sign_in.letters : "");
}

/** Have an id asked for, for a tap: sign-in, or sign-in-second. */
export function askFor(name) {
  purpose = name;
  forget(asksPin);
}

function forget(asked) {
  asksPin = asked;
  badge = "";
  pin = null;
  showEntered();
}

function press(key) {
  if (key === "page") turnPage();
  else if (pin === null) badge = edited(badge, key);
  else if (key === "clear" || (key === "back" && pin === "")) pin = null;
  else if (/^\d$|^back$/.test(key)) pin = edited(pin, key);
  showEntered();
}

function edited(entered, key) {
  if (key === "clear") return "";
  if (key === "back") return entered.slice(0, -1);
  return entered.length < LONGEST ? entered + key : entered;
}

function showEntered() {
  const last = !asksPin || pin !== null;
  setText(byId("badge-label"), text(pin === null ? "sign_in.badge" : "sign_in.pin"));
  setText(byId("badge-id"), pin === null ? badge : DOT.repeat(pin.length));
  setText(byId("badge-hint"), text(pin === null ? "sign_in.hint" : "sign_in.pin_hint"));
  setText(byId("sign-in-words"), text(last ? "sign_in.go" : "sign_in.next"));
  go.disabled = badge === "" || pin === "";
}
