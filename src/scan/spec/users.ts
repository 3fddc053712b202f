import { numbersIn } from "./quantities.ts";

const NUMBER = String.raw`\d[\d,.' _]*\s*(?:k|m|mio|million|thousand|bn|billion)?`;
const WHO = "(?:users?|customers|visitors|accounts|tenants|clients|people|DAU|MAU|CCU)";
const HOW =
  "(?:registered|active|concurrent|simultaneous|daily|monthly|weekly|unique|peak|total|paying|new|expected|parallel)";
/** `5,000 to 10,000 monthly active users`; the number and the words around it. */
const COUNTED = new RegExp(
  String.raw`((?:${NUMBER}\s*(?:-|–|to)\s*)?${NUMBER})\+?\s*((?:${HOW}\s+)*${WHO})\b(?!\s+(?:roles?|stories|story|types?|groups?|interfaces?|levels?))([^;,.]{0,20})`,
  "gi",
);
const KEY = new RegExp(String.raw`\b${WHO}\b`, "i");
const OWN_KIND = new RegExp(String.raw`^${HOW}\b`, "i");
const ALL = /\b(?:registered|total|paying|accounts)\b/i;
/** What is counted instead: of `Customers: 250k rows` the rows. */
const OTHER_THINGS = /^\s*(?:rows?|records?|entries|documents|files|messages|events|lines|[kmgtp]i?b)\b/i;

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:concurrent\w*|simultaneous\w*|parallel|CCU|peak)\b/i, "concurrent-users"],
  [/\b(?:daily|DAU|per day|a day)\b|\/\s*day/i, "daily-users"],
  [/\b(?:monthly|MAU|per month|a month)\b|\/\s*month/i, "monthly-users"],
];

/** How many people use it: each number that stands before people, or the greatest one behind a key that names them. */
export function usersIn(all: string, key: string): { id: string; value: number }[] {
  const counted = [...all.matchAll(COUNTED)].flatMap(([, numbers = "", who = "", behind = ""]) => {
    const value = greatest(numbers);
    return value === undefined ? [] : [{ id: kindOf(who + behind) ?? kindOf(key) ?? "", value }];
  });
  const [only] = counted;
  // Of one number all words of the line tell what it is.
  if (only && counted.length === 1) return [{ ...only, id: only.id || (kindOf(all) ?? "users") }];
  if (counted.length > 0) return counted.map(({ id, value }) => ({ id: id || "users", value }));
  if (!KEY.test(key)) return [];
  const rest = all.slice(key.length);
  const own = numbersIn(rest).filter(({ to }) => !OTHER_THINGS.test(rest.slice(to)));
  const each = own.map(({ value, to }) => ({ value, words: /^\s*\(?([^\d,;]*)/.exec(rest.slice(to))?.[1] ?? "" }));
  // Of `1500 (peak), 12,000 registered` each number tells what it counts.
  if (each.length > 1 && each.every(({ words }) => OWN_KIND.test(words)))
    return each.map(({ value, words }) => ({
      id: kindOf(words) ?? (ALL.test(words) ? "users" : (kindOf(key) ?? "users")),
      value,
    }));
  const value = own.length === 0 ? undefined : Math.max(...own.map((number) => number.value));
  return value === undefined ? [] : [{ id: kindOf(all) ?? "users", value }];
}

function kindOf(words: string): string | undefined {
  return KINDS.find(([pattern]) => pattern.test(words))?.[1];
}

function greatest(text: string): number | undefined {
  const values = numbersIn(text).map(({ value }) => value);
  return values.length === 0 ? undefined : Math.max(...values);
}
