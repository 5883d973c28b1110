// Where a long word may be broken: soft hyphens between its syllables, for a button that is narrower than the word.
//
// Spanish is divided by its rules (Ortografía de la lengua española, 2010, III.2.1). English, whose syllables are no matter
// of rules, is between consonants, and before one where no e follows, which may be silent. A short word is left whole.
// The browser's own `hyphens: auto` breaks nothing: Debian's Chromium has no dictionaries.

const HYPHEN = "\u00ad";
const LONG = /\p{L}{9,}/gu;
const VOWEL = "[aeiouyáéíóúü]";
const CONSONANT = "[b-df-hj-np-tv-xzñ]";
const ONSET = `(?:[bcfgp][lr]|[dt]r|[cst]h|qu|gu|ll|rr|${CONSONANT})`;
const ONE_SOUND = "(?<=[bcfgp])l|(?<=[bcdfgpt])r|(?<=[cstpgw])h|(?<=c)k"; // which is not divided
const DOUBLED = "(?<=l)l|(?<=r)r";

const PLACES = {
  es: new RegExp(`(?<=\\p{L}{2})(?<=${VOWEL}${CONSONANT}{0,2})(?!${ONE_SOUND}|${DOUBLED})(?=${ONSET}${VOWEL})`, "giu"),
  en: new RegExp(`(?<=\\p{L}{3})(?!${ONE_SOUND})(?:(?<=${VOWEL}${CONSONANT}{1,2})(?=${ONSET}${VOWEL}\\p{L})`
    + `|(?<=${VOWEL})(?=${CONSONANT}[aiouy]\\p{L}))`, "giu"),
};

/** The same words with soft hyphens in the long ones. */
export const hyphenated = (words, language) =>
  words.replace(LONG, (word) => word.replace(PLACES[language] ?? PLACES.en, HYPHEN));
