// Open sheets close by themselves: when the mode changes, when the car is driven, and when nobody is signed in.

import { hyphenated } from "./syllables.js";

const SHEETS = document.querySelectorAll("dialog");

let shown = "";

for (const button of document.querySelectorAll(".sheet-buttons .button")) {
  const texts = document.createTreeWalker(button, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = hyphenated(texts.currentNode.data, document.documentElement.lang);
}

export function renderSheets(view) {
  const now = [view.mode, view.driving === "driving", view.visit?.box, view.officer, view.second].join();
  if (now !== shown) closeSheets();
  shown = now;
}

export function closeSheets() {
  for (const sheet of SHEETS) if (sheet.open) sheet.close();
}
