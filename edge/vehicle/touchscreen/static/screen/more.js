// The sheet behind "More": the catalogue's buttons (a tap each), and sign out (two taps, apart).

import { byId, setText, show } from "./dom.js";
import { glancesOnly } from "./driving.js";
import { titleOf } from "./officers.js";
import { tap } from "./taps.js";
import { openWhy } from "./why.js";

const sheet = byId("sheet");
const why = byId("sheet-why");
const out = byId("sign-out");
const outSheet = byId("out-sheet");
const sure = byId("out-sure");

byId("more").addEventListener("click", () => sheet.showModal());
byId("sheet-close").addEventListener("click", () => sheet.close());
why.addEventListener("click", () => {
  sheet.close();
  openWhy(why.dataset.box);
});
for (const button of sheet.querySelectorAll("[data-tap]")) {
  button.addEventListener("click", async () => {
    const { tap: name, field, value } = button.dataset;
    await tap(button, name, field ? { [field]: value } : {});
    sheet.close();
  });
}
for (const button of document.querySelectorAll("[data-page]")) {
  button.addEventListener("click", () => location.assign(button.dataset.page));
}
out.addEventListener("click", () => {
  sheet.close();
  outSheet.showModal();
});
byId("out-no").addEventListener("click", () => outSheet.close());
sure.addEventListener("click", async () => {
  await tap(sure, "sign-out");
  outSheet.close();
});

export function renderMore(view) {
  show(byId("read"), view.mode === "signed_out" && !glancesOnly(view));
  setText(byId("sheet-title"), titleOf(view));
  for (const button of sheet.querySelectorAll("[data-tap]")) show(button, !(button.dataset.tap in view.not_now));
  const id = view.visit ? view.visit.box : view.target?.id;
  const box = view.boxes.find((one) => one.id === id);
  show(why, box !== undefined && box.explained);
  why.dataset.box = box ? box.id : "";
}
