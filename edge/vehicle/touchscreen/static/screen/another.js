// Another box: by one tap the one passed over next; or a skip with a reason from a list.

import { byId, setText, show } from "./dom.js";
import { glancesOnly } from "./driving.js";
import { tap } from "./taps.js";
import { text } from "./words.js";

const LEADS_ON = ["patrol", "move_on", "over_stay", "at_cap", "visit"];

const another = byId("another");
const skip = byId("sheet-skip");
const sheet = byId("skip-sheet");

another.addEventListener("click", () => tap(another, "skip", { box: another.dataset.box, cause: "next" }));
skip.addEventListener("click", () => {
  byId("sheet").close();
  sheet.dataset.box = skip.dataset.box;
  setText(byId("skip-title"), text("sheet.skip_title", { number: skip.dataset.number }));
  sheet.showModal();
});
byId("skip-close").addEventListener("click", () => sheet.close());
for (const button of sheet.querySelectorAll("[data-cause]")) {
  button.addEventListener("click", async () => {
    await tap(button, "skip", { box: sheet.dataset.box, cause: button.dataset.cause });
    sheet.close();
  });
}

export function renderAnother(view) {
  const { target, visit } = view;
  const offered = target !== null && target.id !== visit?.box && LEADS_ON.includes(view.mode);
  show(another, offered && (view.mode !== "visit" || glancesOnly(view)));
  show(skip, offered);
  if (!offered) return;
  another.dataset.box = skip.dataset.box = target.id;
  skip.dataset.number = target.number;
  setText(byId("sheet-skip-words"), text("sheet.skip", { number: target.number }));
}
