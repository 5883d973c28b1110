// Nothing changes under a finger: after a change of what can be tapped, or of where it is, a tap counts for nothing.

const SETTLE_MS = 500;
const CONFIRM_MS = 700; // a second tap sooner than this was no second thought
const GRAIN_PX = 4;

const since = new WeakMap(); // of each button that is seen: since when
let layout = "";
let changed = performance.now();
let down = true; // whether the finger came down on what had settled

for (const kind of ["pointerdown", "click"]) document.addEventListener(kind, (event) => judge(event), true);

/** Note what is seen now; called on every rendering, and before a tap is judged. */
export function watchLayout() {
  const buttons = [...document.querySelectorAll("button")];
  const modal = document.querySelector("dialog:modal");
  const seen = buttons.filter((one) => one.checkVisibility() && isReachable(one, modal));
  const now = performance.now();
  const places = seen.filter((one) => !("overlay" in one.dataset)).map(place).join("|");
  if (places !== layout) changed = now;
  layout = places;
  for (const one of buttons) if (!seen.includes(one)) since.delete(one);
  for (const one of seen) if (!since.has(one)) since.set(one, now);
  document.body.dataset.settled = String(seen.every(isSettled));
}

function isReachable(button, modal) {
  return (modal === null || modal.contains(button)) && button.closest("[inert]") === null;
}

function place(button) {
  const { left, top, width, height } = button.getBoundingClientRect();
  const at = [left, top, width, height].map((one) => Math.round(one / GRAIN_PX)).join();
  return `${button.id}${button.dataset.tactic ?? ""}${button.dataset.box ?? ""}@${at}`;
}

function judge(event) {
  watchLayout();
  const button = event.target.closest?.("button");
  if (!button) return;
  const settled = isSettled(button);
  if (event.type === "pointerdown") down = settled;
  const fingered = event.type === "click" && event.detail > 0;
  if (settled && (!fingered || down)) return;
  event.stopImmediatePropagation();
  event.preventDefault();
}

function isSettled(button) {
  const now = performance.now();
  const own = now - (since.get(button) ?? now);
  if ("confirm" in button.dataset && own < CONFIRM_MS) return false;
  return now - changed >= SETTLE_MS && own >= SETTLE_MS;
}
