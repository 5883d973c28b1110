// A sheet is for a car that stands: once it is driven, the screen comes back by itself.

const ASK_MS = 1000;
const TIMEOUT_MS = 2000;

async function look() {
  try {
    const answer = await fetch("/api/state", { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if ((await answer.json()).driving === "driving") location.replace(document.getElementById("back").href);
  } catch {
    // What is read here has its date; the next look asks again.
  }
  setTimeout(look, ASK_MS);
}

look();
