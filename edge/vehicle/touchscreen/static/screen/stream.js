// Snapshots as they come: by the event stream, and by asking while the stream is broken.

const BROKEN_MS = 2500;
const SILENT_MS = 7000; // the stream's heartbeat is 5 s
const LOOK_MS = 1000;
const ASK_TIMEOUT_MS = 2000;

let source = null;
let heard = performance.now();
let asking = false;

/** Whether the vehicle has been heard from lately. */
export function connected() {
  const streaming = source !== null && source.readyState === EventSource.OPEN;
  return performance.now() - heard < (streaming ? SILENT_MS : BROKEN_MS);
}

/** Hand every snapshot to `take`, for ever. */
export function listen(take) {
  open(take);
  setInterval(() => look(take), LOOK_MS);
}

function open(take) {
  source?.close();
  source = new EventSource("/api/stream");
  source.onmessage = (event) => hear(take, JSON.parse(event.data));
}

function hear(take, snapshot) {
  heard = performance.now();
  take(snapshot);
}

function look(take) {
  const silent = performance.now() - heard > SILENT_MS;
  if (source.readyState === EventSource.CLOSED || (silent && source.readyState === EventSource.OPEN)) open(take);
  if (silent || source.readyState !== EventSource.OPEN) ask(take);
}

async function ask(take) {
  if (asking) return;
  asking = true;
  try {
    const answer = await fetch("/api/state", { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
    if (answer.ok) hear(take, await answer.json());
  } catch {
    // The strip says "Screen not connected"; the next look asks again.
  } finally {
    asking = false;
  }
}
