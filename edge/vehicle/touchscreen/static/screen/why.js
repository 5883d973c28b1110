// Why this box: the sentence, and for each crime type what raises or lowers its risk, as bars. Asked for when opened.

import { offerForBox } from "./change_plan.js";
import { plate } from "./crime_types.js";
import { byId, setText, show } from "./dom.js";
import { showTrouble } from "./taps.js";
import { crimeTypes, say, text, word } from "./words.js";

const MOST_TYPES = 2;
const MOST_BARS = 6;
const TELLING = Math.log(1.05); // a smaller effect is no bar
const WIDEST = Math.log(10); // a bar of ×10, or of a tenth, is as wide as one gets
const TIMEOUT_MS = 3000;

const sheet = byId("why-sheet");
const band = byId("own-plan");

byId("why-close").addEventListener("click", () => sheet.close());

/** The band that says whose plan this is. */
export function renderOwnPlan(view) {
  const own = view.plan === "vehicle" && view.mode !== "signed_out";
  document.body.dataset.plan = own ? "vehicle" : "";
  show(band, own);
}

/** Show why a box (its id) is patrolled. */
export async function openWhy(box) {
  try {
    const answer = await fetch(`/api/why/${box}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const found = await answer.json();
    if (!answer.ok) {
      showTrouble(say(found.error));
      return;
    }
    fill(found);
    sheet.showModal();
  } catch {
    showTrouble(text("tap.no_answer"));
  }
}

function fill(found) {
  setText(byId("why-title"), text(`sheet.${found.source ? "why" : "box"}_title${found.place ? "_place" : ""}`, found));
  setText(byId("why-sentence"), standing(found));
  offerForBox(found);
  byId("why-types").replaceChildren(...found.types.slice(0, MOST_TYPES).map(column));
  setText(byId("why-source"), source(found).join(" "));
}

/** Why the box is patrolled, or why it is not. */
function standing(found) {
  if (found.suppressed) return text("sheet.suppressed", { reason: found.suppressed });
  if (found.add === "opt_out") return word("not_now", "opt_out");
  if (found.source === null) return text("sheet.not_in_plan");
  return found.why ? sentence(found.why) : "";
}

/** Whose plan it is, and how old the data behind plan and forecast are. */
function source(found) {
  if (found.known_to === null) return [text("refused.no_forecast")];
  const forecast = { date: found.known_to, days: found.age_days };
  if (found.plan_data) {
    const plan = { date: found.plan_data.to, days: found.plan_data.age_days };
    return [text("sheet.plan_data", plan), text("sheet.forecast_data", forecast)];
  }
  const own = found.source === "vehicle" ? [text("sheet.own_plan")] : [];
  return [...own, text("sheet.data", forecast)];
}

function column(risk) {
  const made = document.createElement("section");
  made.className = "why-type";
  const bars = risk.parts.filter((part) => Math.abs(Math.log(part.factor)) >= TELLING).slice(0, MOST_BARS);
  const name = element("h3", "why-name", ` ${crimeTypes([risk.crime_type])}`);
  name.prepend(plate(risk.crime_type));
  made.append(
    name,
    element("p", "why-times", text("sheet.times", { expected: risk.expected, times: shown(risk.times) })),
    ...bars.map(bar),
  );
  return made;
}

/** A group of the model: its words, and a bar to the right where it raises the risk, to the left where it lowers it. */
function bar(part) {
  const made = document.createElement("div");
  made.className = "why-part";
  const share = Math.min(1, Math.abs(Math.log(part.factor)) / WIDEST);
  const filled = document.createElement("i");
  filled.className = part.factor > 1 ? "why-bar why-more" : "why-bar why-less";
  filled.style.width = `${Math.max(2, 50 * share).toFixed(1)}%`;
  const track = document.createElement("span");
  track.className = "why-track";
  track.append(filled);
  const head = document.createElement("p");
  head.className = "why-words";
  head.append(element("span", "", word("group_short", part.name)), element("b", "", `×${shown(part.factor)}`));
  made.append(head, track);
  return made;
}

const shown = (factor) => (factor >= 9.5 ? factor.toFixed(0) : factor.toFixed(factor < 0.1 ? 2 : 1));

/** A reason by itself: a model's names its crime type. */
function sentence(why) {
  const type = why.values.crime_type;
  return type === undefined ? say(why) : text("why.with_type", { crime_type: type, why });
}

function element(kind, name, words) {
  const made = document.createElement(kind);
  if (name) made.className = name;
  made.textContent = words;
  return made;
}
