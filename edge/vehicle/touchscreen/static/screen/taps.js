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

/** Send a tap; whether it was taken. A second one on the same button waits for the first to be answered. */
export const tap = (button, name, body = {}) => submit(button, `taps/${name}`, body);

/** The same for anything that a button has to tell, by its path. */
export async function submit(button, path, body) {
  if (button.ariaBusy === "true") return false;
  button.ariaBusy = "true";
  try {
    const answer = await deliver(path, body);
    if (!answer.ok) showTrouble(say((await answer.json()).error));
    return answer.ok;
  } catch {
    showTrouble(text("tap.not_sent"));
    return false;
  } finally {
    button.ariaBusy = "false";
  }
}

/** Post something and give the answer; where the token is of before a restart, with a new one. */
export async function deliver(path, body) {
  const answer = await send(path, body);
  if (answer.status !== 403) return answer;
  await renewToken();
  return send(path, body);
}

function send(path, body) {
  return fetch(`/api/${path}`, {
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
  (document.querySelector("dialog:modal") ?? document.body).append(toast); // a sheet lies over all else
  setText(toast, sentence);
  show(toast, true);
  clearTimeout(hiding);
  hiding = setTimeout(() => show(toast, false), TOAST_MS);
}
