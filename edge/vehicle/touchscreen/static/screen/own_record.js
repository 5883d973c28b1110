// What the officers in the car did in this shift, for them alone, before they sign out.

import { byId } from "./dom.js";
import { showTrouble } from "./taps.js";
import { say, text } from "./words.js";

const TIMEOUT_MS = 5000;

const sheet = byId("record-sheet");

byId("own-record").addEventListener("click", () => openRecord("officers-sheet"));
byId("out-record").addEventListener("click", () => openRecord("out-sheet"));
byId("record-close").addEventListener("click", () => sheet.close());

async function openRecord(from) {
  try {
    const answer = await fetch("/api/own-record", { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const body = await answer.json();
    if (!answer.ok) {
      showTrouble(say(body.error));
      return;
    }
    byId("record").replaceChildren(...body.map(section));
  } catch {
    showTrouble(text("tap.no_answer"));
    return;
  }
  byId(from).close();
  sheet.showModal();
}

function section(own) {
  const made = document.createElement("section");
  const counted = own.visits.filter((one) => one.counted).length;
  made.append(line("h3", text("own_record.sum", { officer: own.officer, visits: counted, minutes: own.minutes })));
  const lines = [
    ...own.visits.map((one) => text(one.counted ? "own_record.visit" : "own_record.short", one)),
    ...Object.entries(own.tactics).map(([label, times]) => text("own_record.tactic", { label, times })),
    ...Object.entries(own.pauses).map(([reason, minutes]) => text("own_record.pause", { reason, minutes })),
  ];
  const list = document.createElement("ul");
  list.append(...(lines.length > 0 ? lines : [text("own_record.nothing")]).map((words) => line("li", words)));
  made.append(list);
  return made;
}

function line(kind, words) {
  return Object.assign(document.createElement(kind), { textContent: words });
}
