// Night or day, as the vehicle says: never as the browser would have it, which on a bare kiosk is day all night.

const root = document.documentElement;
const listeners = [];

/** Call `listener` whenever the theme has become another, the colours' caches first. */
export const onTheme = (listener) => listeners.push(listener);

export function setTheme(theme) {
  if (root.dataset.theme === theme) return;
  root.dataset.theme = theme;
  for (const listener of listeners) listener();
}
