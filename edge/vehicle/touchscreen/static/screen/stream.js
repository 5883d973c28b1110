// Snapshots as they come: by the event stream, and by asking while the stream is broken.

import { hearRelease } from "./update.js";

const ASK_MS = 2000; // the stream's heartbeat is 1.5 s
const REOPEN_MS = 3000;
const DEAD_MS = 4500; // the face must be grey 5 s after it last heard of the vehicle
const LOOK_MS = 250;
const ASK_TIMEOUT_MS = 2000;

let source = null;
let opened = 0;
let heard = performance.now();
let asking = false;

/** Whether the vehicle has been heard from lately. */
export const connected = () => performance.now() - heard < DEAD_MS;

/** Hand every snapshot to `take`, for ever. */
export function listen(take) {
  open(take);
  setInterval(() => look(take), LOOK_MS);
}

function open(take) {
  source?.close();
  opened = performance.now();
  source = new EventSource("/api/stream");
  source.onmessage = (event) => {
    hearRelease(event.lastEventId);
    hear(take, JSON.parse(event.data));
  };
}

function hear(take, snapshot) {
  heard = performance.now();
  take(snapshot);
}

function look(take) {
  const now = performance.now();
  const silent = now - heard;
  if (source.readyState === EventSource.CLOSED || (silent > REOPEN_MS && now - opened > REOPEN_MS)) open(take);
  if (silent > ASK_MS || source.readyState !== EventSource.OPEN) ask(take);
}

async function ask(take) {
  if (asking) return;
  asking = true;
  try {
    const answer = await fetch("/api/state", { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
    if (answer.ok) hear(take, await answer.json());
  } catch {
    // The next look asks again; the face says that it is not connected.
  } finally {
    asking = false;
  }
}
