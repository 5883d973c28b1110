// What officers say of a box, in two taps: on the box (the one of the visit, or the next one), and on what is to be said.

import { byId, setText, show } from "./dom.js";
import { glancesOnly } from "./driving.js";
import { tap } from "./taps.js";
import { text, word } from "./words.js";

const sheet = byId("feedback-sheet");
const here = byId("about-here");
const next = byId("about-next");
const choices = sheet.querySelectorAll("[data-feedback]");

for (const button of [here, next]) {
  button.addEventListener("click", () => {
    sheet.dataset.box = button.dataset.box;
    setText(byId("feedback-title"), text("sheet.feedback_title", { number: Number(button.dataset.number) }));
    for (const choice of choices) choice.ariaPressed = String(choice.dataset.feedback === button.dataset.said);
    sheet.showModal();
  });
}
byId("feedback-close").addEventListener("click", () => sheet.close());
for (const choice of choices) {
  choice.addEventListener("click", async () => {
    await tap(choice, "feedback", { box: sheet.dataset.box, feedback: choice.dataset.feedback });
    sheet.close();
  });
}

export function renderFeedback(view) {
  const offered = !glancesOnly(view) && !("feedback" in view.not_now);
  renderAbout(here, offered ? view.visit : null, view.boxes.find((one) => one.id === view.visit?.box));
  renderAbout(next, offered ? view.target : null, view.target);
}

/** The button on a box: it says what was said of it. */
function renderAbout(button, named, box) {
  show(button, named !== null);
  if (named === null) return;
  button.dataset.box = named.box ?? named.id;
  button.dataset.number = named.number;
  button.dataset.said = box?.feedback ?? "";
  button.ariaLabel = text("sheet.feedback_label", { number: named.number });
  setText(button.querySelector(".about-said"), box?.feedback ? word("feedback", box.feedback) : "");
}
