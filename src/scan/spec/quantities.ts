const NUMBER = String.raw`(\d{1,3}(?:[ ,.'_]\d{3})+(?![\d])|\d+(?:[.,]\d+)?)\s*(k|m|mio|million|thousand|bn|billion)?\b`;
const FACTORS: Record<string, number> = {
  k: 1e3,
  thousand: 1e3,
  m: 1e6,
  mio: 1e6,
  million: 1e6,
  bn: 1e9,
  billion: 1e9,
};

/** The numbers of a text with where they end: `10,000`, `2.5k`, `1 million`, `99,9`. */
export function numbersIn(text: string): { value: number; from: number; to: number }[] {
  return [...text.matchAll(new RegExp(NUMBER, "gi"))].flatMap((match) => {
    const [whole, digits = "", factor = ""] = match;
    const value = numberOf(digits) * (FACTORS[factor.toLowerCase()] ?? 1);
    return Number.isFinite(value) ? [{ value, from: match.index, to: match.index + whole.length }] : [];
  });
}

function numberOf(digits: string): number {
  // Three digits behind a sign are thousands, other ones a part.
  if (/^\d{1,3}(?:[ ,.'_]\d{3})+$/.test(digits)) return Number(digits.replace(/\D/g, ""));
  return Number(digits.replace(",", "."));
}

const SECONDS: readonly [RegExp, number][] = [
  [/^\s*(?:ms|msec|milliseconds?|millis)\b/i, 0.001],
  [/^\s*(?:s|sec|secs|seconds?)\b/i, 1],
  [/^\s*(?:min|mins|minutes?)\b/i, 60],
  [/^\s*(?:h|hr|hrs|hours?)\b/i, 3_600],
  [/^\s*(?:d|days?)\b/i, 86_400],
  [/^\s*(?:w|weeks?)\b/i, 604_800],
  [/^\s*(?:months?)\b/i, 2_592_000],
  [/^\s*(?:y|years?)\b/i, 31_536_000],
];

/** Durations of a text in seconds. */
export function durationsIn(text: string): { seconds: number; from: number; to: number }[] {
  return numbersWithUnit(text, SECONDS).map(({ value, from, to }) => ({ seconds: value, from, to }));
}

const BYTES: readonly [RegExp, number][] = [
  [/^\s*(?:kb|kib)\b/i, 2 ** 10],
  [/^\s*(?:mb|mib)\b/i, 2 ** 20],
  [/^\s*(?:gb|gib)\b/i, 2 ** 30],
  [/^\s*(?:tb|tib)\b/i, 2 ** 40],
  [/^\s*(?:pb|pib)\b/i, 2 ** 50],
];

/** Sizes of a text in bytes. */
export function sizesIn(text: string): number[] {
  return numbersWithUnit(text, BYTES).map(({ value }) => value);
}

function numbersWithUnit(
  text: string,
  units: readonly [RegExp, number][],
): { value: number; from: number; to: number }[] {
  return [...text.matchAll(/\d{1,3}(?:[ ,.'_]\d{3})+(?!\d)|\d+(?:[.,]\d+)?/g)].flatMap((match) => {
    const from = match.index;
    const rest = text.slice(from + match[0].length);
    for (const [unit, factor] of units) {
      const found = unit.exec(rest);
      if (found) return [{ value: numberOf(match[0]) * factor, from, to: from + match[0].length + found[0].length }];
    }
    return [];
  });
}
