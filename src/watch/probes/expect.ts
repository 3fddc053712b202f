import { type Bounds, Expect, type ValueRule } from "../../config/expect.ts";
import { formatDuration } from "../../core/duration.ts";
import { jsonPath } from "../../core/json-path.ts";
import { assertionFailure, classifyStatus } from "./classify.ts";
import type { HttpAnswer } from "./http/request.ts";
import { matchPattern } from "./pattern.ts";
import type { Failure } from "./probe.ts";
import { expiringSoon } from "./tls/chain.ts";

type TextRule = NonNullable<Expect["body"]>;

/** Of the values that one path selects: a thousand more say no more, and each may cost the time limit of a pattern. */
const MOST_PROBLEMS = 3;

export const DEFAULT_EXPECT: Expect = Expect.parse({});

export function statusMatches(status: number, expected: Expect["status"]): boolean {
  return [expected].flat().some((item) => item === status || item === `${Math.floor(status / 100)}xx`);
}

/**
 * Evaluates every assertion. The first that fails, in the order status, header, body, json, latency, phase, cert, gives the class;
 * the details of all are joined. An answer that is right otherwise but late, or whose certificate ends soon, is `slow`. Null when
 * all hold.
 */
export function evaluate(expect: Expect, answer: HttpAnswer): Failure | null {
  const failures = [
    ...statusFailures(expect, answer),
    ...textFailures(expect, answer),
    ...jsonFailures(expect, answer),
    ...latencyFailures(expect, answer),
    ...phaseFailures(expect, answer),
    ...certFailures(expect, answer),
  ];
  const first = failures.find(({ outcome }) => outcome === "fail") ?? failures[0];
  return first ? { ...first, detail: failures.map(({ detail }) => detail).join("; ") } : null;
}

function statusFailures({ status: expected }: Expect, { status }: HttpAnswer): Failure[] {
  return statusMatches(status, expected) ? [] : [classifyStatus(status, [expected].flat().join(" or "))];
}

function textFailures({ header = {}, body }: Expect, answer: HttpAnswer): Failure[] {
  const headers = Object.entries(header).flatMap(([name, rule]) => {
    const value = answer.headers[name.toLowerCase()];
    if (value === undefined) return [`the header ${name} is missing`];
    return textProblems(rule, [value].flat().join(", "), `the header ${name}`);
  });
  const inBody =
    body === undefined
      ? []
      : textProblems(body, answer.text, answer.truncated ? `the body (first ${sizeOf(answer)})` : "the body");
  return [...headers, ...inBody].map(assertionFailure);
}

/** What text has against the rules for it, in words. */
export function textProblems(rule: TextRule, text: string, what: string): string[] {
  const { contains, matches, lacks } = typeof rule === "string" ? { contains: rule } : rule;
  const problems: string[] = [];
  if (contains !== undefined && !text.includes(contains))
    problems.push(`${what} does not contain ${JSON.stringify(contains)}`);
  if (lacks !== undefined && text.includes(lacks)) problems.push(`${what} contains ${JSON.stringify(lacks)}`);
  if (matches !== undefined) problems.push(...patternProblems(matches, text, what));
  return problems;
}

function patternProblems(pattern: string, text: string, what: string): string[] {
  const result = matchPattern(pattern, text);
  if ("error" in result) return [result.error];
  return result.groups ? [] : [`${what} does not match ${JSON.stringify(pattern)}`];
}

function jsonFailures({ json }: Expect, answer: HttpAnswer): Failure[] {
  if (!json) return [];
  const document = parseJson(answer.text);
  if (!document)
    return [assertionFailure(answer.truncated ? `the body is longer than ${sizeOf(answer)}` : "the body is not JSON")];
  return Object.entries(json).flatMap(([path, rule]) => {
    const found = jsonPath(document.value, path);
    const problems: string[] = [];
    // What is not there is one thing to judge too.
    for (const value of found.length > 0 ? found : [undefined]) {
      problems.push(...valueProblems(path, rule, value));
      if (problems.length >= MOST_PROBLEMS) break;
    }
    return problems.map(assertionFailure);
  });
}

function sizeOf({ maxBody }: HttpAnswer): string {
  return maxBody % 1024 === 0 ? `${maxBody / 1024} KiB` : `${maxBody} bytes`;
}

/** Wrapped, because `null` is a JSON document too. */
export function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** What a value has against a rule, in words that begin with `path`. */
export function valueProblems(path: string, rule: ValueRule, found: unknown): string[] {
  const shown = show(found);
  if (rule === null) return found === null ? [] : [`${path} is ${shown}, expected null`];
  if (typeof rule === "string")
    return isScalar(found) && String(found) === rule ? [] : [`${path} is ${shown}, expected ${JSON.stringify(rule)}`];
  const problems: string[] = [];
  if (rule.exists === true && found === undefined) problems.push(`${path} is missing`);
  if (rule.exists === false && found !== undefined) problems.push(`${path} is there and should not be`);
  if (rule.above !== undefined && !(toNumber(found) > rule.above))
    problems.push(`${path} is ${shown}, expected above ${rule.above}`);
  if (rule.below !== undefined && !(toNumber(found) < rule.below))
    problems.push(`${path} is ${shown}, expected below ${rule.below}`);
  if (rule.matches !== undefined)
    problems.push(...patternProblems(rule.matches, isScalar(found) ? String(found) : "", path));
  return problems;
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function toNumber(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}

function show(value: unknown): string {
  if (value === undefined) return "missing";
  const text = jsonText(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** What can be parsed cannot always be written: that goes into the depth. */
function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return "nested too deeply to be shown";
  }
}

function latencyFailures({ latency }: Expect, { durationMs }: HttpAnswer): Failure[] {
  return latency === undefined ? [] : timeFailures("took", durationMs, latency);
}

function timeFailures(what: string, ms: number, wanted: number | Bounds): Failure[] {
  const { above = 0, below = Number.POSITIVE_INFINITY } = typeof wanted === "number" ? { below: wanted } : wanted;
  const took = `${what} ${Math.round(ms)} ms`;
  if (ms < above) return [assertionFailure(`${took}, expected at least ${above} ms`)];
  if (ms <= below) return [];
  return [{ outcome: "slow", class: "slow", family: "latency", detail: `${took}, expected at most ${below} ms` }];
}

function phaseFailures({ phase = {} }: Expect, { phases }: HttpAnswer): Failure[] {
  return Object.entries(phase).flatMap(([name, wanted]) =>
    timeFailures(`${name} took`, phases[name as keyof typeof phases], wanted),
  );
}

function certFailures({ cert }: Expect, { certificate }: HttpAnswer): Failure[] {
  if (cert === undefined) return [];
  if (!certificate) return [assertionFailure("the answer came without TLS, so there is no certificate")];
  const { above = 0, below = Number.POSITIVE_INFINITY } = typeof cert === "number" ? { above: cert } : cert;
  if (certificate.leftMs <= below) return expiringSoon(certificate, above);
  const left = `the certificate of ${certificate.name} is valid for ${formatDuration(certificate.leftMs)}`;
  return [assertionFailure(`${left}, expected at most ${formatDuration(below)}`)];
}
