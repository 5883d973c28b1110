// Taps on their way to the vehicle. What came of one is seen in the next snapshot, never assumed.

import { byId, setText, show } from "./dom.js";
import { say, text } from "./words.js";

const TIMEOUT_MS = 3000;
const TOAST_MS = 5000;

let token = tokenOf(document);
let hiding = 0;

function tokenOf(page) {
  return page.querySelector('meta[name="roundsman-token"]').content;
}

/** Send a tap; a second one on the same button waits for the first to be answered. */
export async function tap(button, name, body = {}) {
  if (button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  try {
    let answer = await send(name, body);
    if (answer.status === 403) {
      await renewToken();
      answer = await send(name, body);
    }
    if (!answer.ok) showTrouble(say((await answer.json()).error));
  } catch {
    showTrouble(text("tap.not_sent"));
  } finally {
    button.ariaBusy = "false";
  }
}

function send(name, body) {
  return fetch(`/api/taps/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Roundsman-Token": token },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}

/** The vehicle's software has restarted under the open page and expects a new token. */
async function renewToken() {
  const answer = await fetch("/", { signal: AbortSignal.timeout(TIMEOUT_MS) });
  token = tokenOf(new DOMParser().parseFromString(await answer.text(), "text/html"));
}

/** Show for a few seconds what went wrong. */
export function showTrouble(sentence) {
  const toast = byId("toast");
  setText(toast, sentence);
  show(toast, true);
  clearTimeout(hiding);
  hiding = setTimeout(() => show(toast, false), TOAST_MS);
}
