// Who is in the car: another officer takes over, a second one comes beside or goes. The keypad moves into a sheet for it.

import { byId, setText, show } from "./dom.js";
import { askFor } from "./sign_in.js";
import { tap } from "./taps.js";
import { text } from "./words.js";

const sheet = byId("officers-sheet");
const who = byId("who-sheet");
const keypad = byId("sign-in");
const out = byId("second-out");

byId("sheet-officers").addEventListener("click", () => {
  byId("sheet").close();
  sheet.showModal();
});
byId("officers-close").addEventListener("click", () => sheet.close());
byId("who-close").addEventListener("click", () => who.close());
byId("change-officer").addEventListener("click", () => ask("sign-in", "officers.change"));
byId("second-in").addEventListener("click", () => ask("sign-in-second", "officers.second_in"));
out.addEventListener("click", async () => {
  await tap(out, "sign-out-second");
  sheet.close();
});
who.addEventListener("close", () => {
  byId("floor").prepend(keypad);
  askFor("sign-in");
});

function ask(name, title) {
  sheet.close();
  setText(byId("who-title"), text(title));
  askFor(name);
  who.append(keypad);
  show(keypad, true);
  who.showModal();
}

export function renderOfficers(view) {
  setText(byId("officers-title"), titleOf(view));
  show(byId("second-in"), !("sign-in-second" in view.not_now));
  show(out, !("sign-out-second" in view.not_now));
}

/** The officers of a snapshot, with the role where a roster gives one. */
export function titleOf({ officer, second, role, unit }) {
  const officers = [officer ?? "", second].filter((one) => one !== null).join(" + ");
  return text(role ? "sheet.title_role" : "sheet.title", { officer: officers, role, unit });
}
