// A visit of the officer's own choice, where the car stands: why there, from a list; or why not, in a sentence.

import { byId, setText, show } from "./dom.js";
import { showTrouble, tap } from "./taps.js";
import { text, word } from "./words.js";

const PLAIN = ["signed_out", "in_pause", "driving", "assigned", "visiting"]; // nobody looks for the button then

const open = byId("sheet-task");
const sheet = byId("task-sheet");

open.addEventListener("click", () => {
  byId("sheet").close();
  if (open.dataset.why) {
    showTrouble(word("not_now", open.dataset.why));
    return;
  }
  setText(byId("task-title"), text("sheet.task_title", { number: Number(open.dataset.number) }));
  sheet.showModal();
});
byId("task-close").addEventListener("click", () => sheet.close());
for (const button of sheet.querySelectorAll("[data-purpose]")) {
  button.addEventListener("click", async () => {
    await tap(button, "self-task", { purpose: button.dataset.purpose });
    sheet.close();
  });
}

export function renderSelfTask(view) {
  const why = view.not_now["self-task"] ?? "";
  show(open, !PLAIN.includes(why));
  open.dataset.why = why;
  open.dataset.number = view.box_number ?? 0;
}
