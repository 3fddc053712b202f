import { matchesIn } from "../../../../formats/needed-words.ts";
import { defaultOf, type Found, type Habit, judge, LITERAL, type Reader } from "../read.ts";

const INDEX = /(?<![\w.:])(?:::)?ENV\s*\[\s*["'](\w+)["']\s*\]/g;
const FETCH = new RegExp(
  String.raw`(?<![\w.:])(?:::)?ENV\.fetch\s*\(?\s*["'](\w+)["']\s*(?:(,)\s*(${LITERAL}|[^)\n]*))?\)?(\s*(?:\{|do\b)\s*(${LITERAL})?)?`,
  "g",
);
const HAS = /(?<![\w.:])ENV\.(?:key|has_key|include|member)\?\s*\(?\s*["'](\w+)["']/g;
const HABITS: readonly Habit[] = [
  { after: new RegExp(String.raw`^\s*\|\|=?\s*\(?(?<value>${LITERAL})`), need: "soft" },
  { after: /^\s*\|\|\s*(?:raise|abort|fail)\b/, need: "must" },
  { after: /^\s*\|\|/, need: "soft" },
  { after: /^\s*=(?![=~])/, need: "write" },
  { after: new RegExp(String.raw`^\.presence\s*\|\|\s*(?<value>${LITERAL})?`), need: "soft" },
  { after: /^(?:\.(?:present|blank|nil|empty|presence)\b|&\.|\s*(?:==|!=|=~|\?|&&|%>\s*$))/, need: "soft" },
  { before: /(?:\b(?:if|unless|elsif|while|and|or|not|when)\s+\(?|!|&&\s*|\|\|\s*)$/, need: "soft" },
];

/** `ENV` by index, `fetch` and `key?`. */
export const readRuby: Reader = (code) => {
  if (!code.includes("ENV")) return [];
  const found: Found[] = [];
  for (const match of matchesIn(code, INDEX)) {
    const judged = judge(code, match.index, match.index + match[0].length, HABITS, "plain");
    if (judged) found.push({ name: match[1] ?? "", at: match.index, rule: "ruby-env", ...judged });
  }
  for (const match of matchesIn(code, FETCH)) {
    const [, name = "", comma, second, block, inBlock] = match;
    const isSoft = comma !== undefined || block !== undefined;
    found.push({
      name,
      at: match.index,
      rule: "ruby-env",
      need: isSoft ? "soft" : "must",
      ...defaultOf(second ?? inBlock),
    });
  }
  for (const match of matchesIn(code, HAS))
    found.push({ name: match[1] ?? "", at: match.index, rule: "ruby-env", need: "soft" });
  return found;
};
