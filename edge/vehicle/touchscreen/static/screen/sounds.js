// What is heard: arrival, one minute left, done, too long. Made here, of a few tones; each moment of a visit once, and
// none that was before this page.

const MINUTE_S = 60;
const SHORT_S = 120; // so short a visit has no last minute of its own
const LATE_MS = 1000; // a browser that first wants to be touched gives leave later: the moment is over then
const REST_MS = 2000;
const EDGE_S = 0.02; // a tone swells and ebbs, or it clicks

/** Of each moment: its tones, [Hz, from s, for s]. The later one weighs more. */
export const TUNES = {
  arrive: [[660, 0, 0.12], [880, 0.14, 0.22]],
  minute: [[880, 0, 0.1], [880, 0.2, 0.1]],
  done: [[880, 0, 0.12], [660, 0.14, 0.12], [880, 0.28, 0.25]],
  over: [[440, 0, 0.2], [440, 0.3, 0.2], [440, 0.6, 0.35]],
};

const heard = new Set();
let began = false;
let audio = null;
let resting = 0;

export function renderSounds(view) {
  if (!view.connected) return;
  const news = reached(view).filter(({ key }) => !heard.has(key));
  for (const { key } of news) heard.add(key);
  if (began && news.length > 0) play(news.at(-1).moment, view.display.volume);
  began = true;
}

/** The moments that a visit has reached, the gravest last. */
function reached({ visit, mode, left }) {
  if (visit === null) return [];
  const { id, phase, prescribed_s: prescribed } = visit;
  const last = phase === "open" && prescribed > SHORT_S && left <= MINUTE_S;
  const now = { arrive: true, minute: last, done: ["move_on", "over_stay"].includes(mode), over: mode === "over_stay" };
  return Object.keys(TUNES).filter((moment) => now[moment]).map((moment) => ({ moment, key: `${moment} ${id}` }));
}

/** Let a moment be heard, unless the browser gives no leave in time. */
export async function play(moment, volume) {
  if (volume === 0) return;
  const asked = performance.now();
  audio ??= new AudioContext();
  await audio.resume();
  if (performance.now() - asked > LATE_MS) return;
  score(audio, TUNES[moment], volume);
  clearTimeout(resting);
  resting = setTimeout(() => audio.suspend(), REST_MS);
}

/** Write tones into an audio context, from now on; no louder than `volume`. */
export function score(context, tones, volume) {
  for (const [hertz, from, lasts] of tones) {
    const tone = context.createOscillator();
    const gain = context.createGain();
    const at = context.currentTime + from;
    tone.frequency.value = hertz;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(volume, at + EDGE_S);
    gain.gain.setValueAtTime(volume, at + lasts - EDGE_S);
    gain.gain.linearRampToValueAtTime(0, at + lasts);
    tone.connect(gain).connect(context.destination);
    tone.start(at);
    tone.stop(at + lasts);
  }
}
