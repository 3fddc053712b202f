import { createHmac, randomBytes } from "node:crypto";
import { places } from "../../formats/text.ts";
import { extensionOf } from "../../formats/tree.ts";
import type { Complaint, Severity } from "../finding.ts";
import { secretAssignments } from "./assignments.ts";
import { isFixture, isMinified, isSealed } from "./files.ts";
import type { SecretPattern, Verdict } from "./pattern.ts";
import { PATTERNS } from "./patterns.ts";

/** A secret in a file; its words never hold the value. */
export interface SecretComplaint extends Complaint {
  /** `secret-github-token`, …; `secret-assignment` for those that only their name gives away. */
  rule: string;
  severity: Severity;
}

interface Hit {
  rule: string;
  title: string;
  value: string;
  start: number;
  verdict: NonNullable<Verdict>;
}

/** One for each run: equal marks in a report are the same secret, and nobody can try values against a mark. */
const RUN_KEY = randomBytes(32);
const MARK_DIGITS = 8;
const ANY_HINT = new RegExp(
  [...new Set(PATTERNS.flatMap(({ hints }) => hints))].map((hint) => hint.replace(/\W/g, "\\$&")).join("|"),
);
const PROSE = new Set(["md", "mdx", "rst", "txt", "adoc", "html"]);

/** Looks for secrets in a file. `assignments` is off where rules of the kind of file judge its settings. */
export function scanSecrets(
  path: string,
  text: string,
  { assignments = true, key = RUN_KEY }: { assignments?: boolean; key?: Uint8Array } = {},
): SecretComplaint[] {
  if (isSealed(text)) return [];
  const fixture = isFixture(path);
  const shown = ANY_HINT.test(text) ? PATTERNS.flatMap((pattern) => hitsOf(pattern, text)) : [];
  const prose = PROSE.has(extensionOf(path));
  // Guides show tokens that were made up or are long gone.
  const hits = shown.filter(({ verdict }) => verdict.proven || (!fixture && !(prose && verdict.severity !== "error")));
  if (assignments && !fixture && !prose && !isMinified(text)) hits.push(...secretAssignments(path, text).map(assigned));
  hits.push(...railsKey(path, text));
  const placeAt = places(text);
  return withoutOverlaps(hits).map(({ rule, title, value, start, verdict }) => {
    const mark = createHmac("sha256", key).update(value).digest("hex").slice(0, MARK_DIGITS);
    return {
      rule,
      severity: verdict.severity,
      message: `${title} (${value.length} characters, #${mark}); revoke it and take it from the environment or a secret store`,
      ...placeAt(start),
    };
  });
}

/** The secrets of a file themselves, those of tests too: for nothing but to keep them out of what is told. */
export function secretValues(path: string, text: string): string[] {
  const shown = ANY_HINT.test(text) ? PATTERNS.flatMap((pattern) => hitsOf(pattern, text)) : [];
  const named = isMinified(text) ? [] : secretAssignments(path, text);
  return [...new Set([...shown, ...named].map(({ value }) => value))];
}

function hitsOf({ id, title, hints, pattern, judge }: SecretPattern, text: string): Hit[] {
  if (!hints.some((hint) => text.includes(hint))) return [];
  return [...text.matchAll(pattern)].flatMap((match) => {
    const value = match.slice(1).find((group) => group !== undefined) ?? match[0];
    const verdict = judge(value, text);
    return verdict ? [{ rule: id, title, value, start: match.index + match[0].lastIndexOf(value), verdict }] : [];
  });
}

/** The file with the key of the credentials of a Rails application holds nothing else, so that only its name tells. */
function railsKey(path: string, text: string): Hit[] {
  if (!/(?:^|\/)config\/(?:master|credentials\/[\w-]+)\.key$/.test(path)) return [];
  const value = /^[a-f\d]{32}(?=\s*$)/.exec(text)?.[0];
  if (value === undefined) return [];
  return [
    {
      rule: "secret-rails-key",
      title: "the key of Rails credentials",
      value,
      start: 0,
      verdict: { severity: "error" },
    },
  ];
}

function assigned({ name, value, start, severity }: ReturnType<typeof secretAssignments>[number]): Hit {
  return {
    rule: "secret-assignment",
    title: `a value of ${name} that looks real`,
    value,
    start,
    verdict: { severity },
  };
}

/** The first of those that share characters: kinds stand before names. */
function withoutOverlaps(hits: readonly Hit[]): Hit[] {
  const kept: Hit[] = [];
  for (const hit of hits)
    if (
      !kept.some((other) => hit.start < other.start + other.value.length && other.start < hit.start + hit.value.length)
    )
      kept.push(hit);
  return kept.sort((a, b) => a.start - b.start);
}
