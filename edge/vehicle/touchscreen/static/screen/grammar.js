// What differs from one language to another beside its words, as edge/text/grammar.py has it.

const SOUNDS_AS_I = /^h?i(?!e)/i; // before which a Spanish "y" is "e"
const FEMININE = /^[\p{L}\p{N}_]*(a|ión|dad)(?![\p{L}\p{N}_])/iu;

const plural = (count) => (count === 1 ? "" : "s");
const es = (count) => (count === 1 ? "" : "es");
const joined = (words, conjunction) => [words.slice(0, -1).join(", "), ...words.slice(-1)].filter(Boolean).join(` ${conjunction} `);

export const GRAMMAR = {
  en: {
    s: plural,
    es,
    and: (words) => joined(words, "and"),
    a: (noun) => `${/^[aeiou]/i.test(noun) ? "an" : "a"} ${noun}`,
  },
  es: {
    s: plural,
    es,
    and: (words) => joined(words, SOUNDS_AS_I.test(words.at(-1) ?? "") ? "e" : "y"),
    a: (noun) => `${FEMININE.test(noun) ? "una" : "un"} ${noun}`,
  },
};
