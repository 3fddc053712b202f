import type { Step } from "../../../config/checks.ts";
import { jsonPath } from "../../../core/json-path.ts";
import { parseJson } from "../expect.ts";
import type { CookieJar } from "../http/cookies.ts";
import type { HttpAnswer } from "../http/request.ts";
import { matchPattern } from "../pattern.ts";

type Source = NonNullable<Step["save"]>[string];
type Variables = ReadonlyMap<string, string>;

const VARIABLE = /\$\{([A-Za-z_]\w*)\}/g;

/** Replaces `${name}` by saved values; other placeholders stay. */
export function substitute(text: string, variables: Variables): string {
  return text.replace(VARIABLE, (whole, name: string) => variables.get(name) ?? whole);
}

/** As `substitute`, but a value inside an address is encoded, so that it cannot change the address's shape. One at the start may be an address itself. */
export function substituteUrl(text: string, variables: Variables): string {
  return text.replace(VARIABLE, (whole, name: string, at: number) => {
    const value = variables.get(name);
    if (value === undefined) return whole;
    return at === 0 ? value : encodeURIComponent(value);
  });
}

/** The names that decide which server an address means. */
export function namesOfServer(text: string): string[] {
  const server = /^(?:[a-z]+:\/\/)?[^/?#]*/i.exec(text)?.[0] ?? "";
  return [...server.matchAll(VARIABLE)].map((match) => match[1] ?? "");
}

/** `substitute` in every string of plain data. */
export function substituteDeep(value: unknown, variables: Variables): unknown {
  if (typeof value === "string") return substitute(value, variables);
  if (Array.isArray(value)) return value.map((item) => substituteDeep(item, variables));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, substituteDeep(item, variables)]));
}

/** The names a step needs and nobody has saved. */
export function missingVariables(step: Step, saved: ReadonlySet<string>, variables: Variables): string[] {
  const names = [...JSON.stringify(step).matchAll(VARIABLE)].map((match) => match[1] ?? "");
  return [...new Set(names)].filter((name) => saved.has(name) && !variables.has(name));
}

/** Takes one value out of an answer; undefined when it is not there. */
export function extract(source: Source, answer: HttpAnswer, cookies: CookieJar): string | undefined {
  if (typeof source === "string") return scalar(jsonPath(parseJson(answer.text)?.value, source)[0]);
  if ("header" in source) return scalar([answer.headers[source.header.toLowerCase()]].flat()[0]);
  if ("cookie" in source) return cookies.value(source.cookie);
  const match = matchPattern(source.regex, answer.text);
  return "groups" in match ? (match.groups?.[1] ?? match.groups?.[0]) : undefined;
}

function scalar(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}
