// The few things every part of the screen does to the page. Nothing is written that does not change.

export const byId = (id) => document.getElementById(id);

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function show(element, visible) {
  if (element.hidden === visible) element.hidden = !visible;
}

export function setIcon(use, name) {
  const href = `#icon-${name}`;
  if (use.getAttribute("href") !== href) use.setAttribute("href", href);
}

export function setAttribute(element, name, value) {
  const text = String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

/** Give an element the largest font size, in pixels, at which it fits one line; two lines where none does. */
export function fit(element, largest, smallest) {
  const key = `${element.textContent}|${element.clientWidth}|${largest}`;
  if (element.dataset.fitted === key) return;
  element.dataset.wraps = "false";
  element.style.fontSize = `${largest}px`;
  const share = Math.min(1, element.clientWidth / element.scrollWidth);
  let size = Math.max(smallest, Math.ceil(largest * share)); // a pixel too much at most: a width is in whole pixels
  element.style.fontSize = `${size}px`;
  while (size > smallest && element.scrollWidth > element.clientWidth) {
    size = Math.max(smallest, size - 1);
    element.style.fontSize = `${size}px`;
  }
  element.dataset.wraps = String(element.scrollWidth > element.clientWidth);
  element.dataset.fitted = key;
}
