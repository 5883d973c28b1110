// The twelve keys of the keypad: ten digits, or ten letters of the roster's ids at a time; clear or turn the page; back.

import { byId, setText } from "./dom.js";
import { text } from "./words.js";

const PER_PAGE = 10;
const DIGITS = [..."1234567890"];

const clear = byId("key-clear");
const symbols = byId("keypad").querySelectorAll("[data-symbol]");
let pages = [DIGITS];
let page = 0;

/** Have pages for some letters beside the digits. */
export function setLetters(letters) {
  const chunks = [DIGITS];
  for (let at = 0; at < letters.length; at += PER_PAGE) chunks.push([...letters.slice(at, at + PER_PAGE)]);
  if (chunks.join() === pages.join()) return;
  pages = chunks;
  showPage(0);
}

export const turnPage = () => showPage((page + 1) % pages.length);

export const hasPages = () => pages.length > 1;

function showPage(next) {
  page = next;
  symbols.forEach((key, index) => {
    const symbol = pages[page][index];
    setText(key, symbol ?? "");
    key.dataset.key = symbol ?? "";
    key.disabled = symbol === undefined;
  });
  setText(clear, hasPages() ? label(pages[(page + 1) % pages.length]) : text("sign_in.clear"));
  clear.dataset.key = hasPages() ? "page" : "clear";
}

function label(symbolsOfPage) {
  if (symbolsOfPage === DIGITS) return text("sign_in.digits");
  const [first, last] = [symbolsOfPage[0], symbolsOfPage.at(-1)];
  return text(first === last ? "sign_in.letter" : "sign_in.letters", { first, last });
}

showPage(0);
