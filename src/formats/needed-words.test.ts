import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesIn, mayMatch, neededWords } from "./needed-words.ts";

test.each<[RegExp, string[]]>([
  [/\bprocess\.env\.(\w+)/g, ["process.env."]],
  [/^import\s+"C"\s*$/gm, ["import", '"C"']],
  [/\bSESSION_TYPE["'\]]*\s*[=:]\s*["']filesystem["']/g, ["SESSION_TYPE", "filesystem"]],
  [/(?:a|b)store(?=\.x)/g, ["store"]],
  [/https?:\/\/x/g, ["http", "://x"]],
  [/colou{0,1}r/g, ["colo"]],
  [/ab+cd/g, ["ab", "cd"]],
  [/(?<q>")\x60name\u0041end\k<q>/g, ["name", "end"]],
  [/one|two/g, []],
  [/word/gi, []],
  [/two words/g, ["words", "two"]],
  [/[\]ab]cd\)/g, ["cd)"]],
  [/((a)(b\)))cd/g, ["cd"]],
])("%s needs %j", (pattern, words) => {
  expect(neededWords(pattern)).toEqual(words);
});

test("what matches has the words", () => {
  const parts = [
    "ab",
    "a?",
    "b*",
    "(?:ab|cd)",
    "(x)?",
    "[abc]",
    "\\.",
    "\\s+",
    "c+",
    ".",
    "\\bcd",
    "d{0,2}",
    "^",
    "$",
    "(?=b)",
  ];
  const pattern = fc.array(fc.constantFrom(...parts), { maxLength: 6 }).map((list) => new RegExp(list.join(""), "gm"));
  const text = fc.string({ unit: fc.constantFrom(..."abcdx. \n"), maxLength: 30 });
  fc.assert(
    fc.property(pattern, text, (one, words) => {
      if (new RegExp(one).test(words)) expect(mayMatch(words, one)).toBe(true);
      expect([...matchesIn(words, one)]).toEqual([...words.matchAll(one)]);
    }),
    { numRuns: 2_000 },
  );
});
