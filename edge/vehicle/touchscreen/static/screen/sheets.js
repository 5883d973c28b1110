// Open sheets close by themselves: when the mode changes, when the car is driven, and when nobody is signed in.

const SHEETS = document.querySelectorAll("dialog");

let shown = "";

export function renderSheets(view) {
  const now = [view.mode, view.driving === "driving", view.visit?.box, view.officer, view.second].join();
  if (now !== shown) closeSheets();
  shown = now;
}

export function closeSheets() {
  for (const sheet of SHEETS) if (sheet.open) sheet.close();
}
