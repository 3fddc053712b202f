import { matchesIn } from "../../../../formats/needed-words.ts";
import {
  defaultOf,
  type Found,
  type Habit,
  insideBrackets,
  judge,
  LITERAL,
  type Reader,
  splitEntries,
} from "../read.ts";

const STATIC =
  /\bimport\s*\{([^}]*)\}\s*from\s*["'](\$env\/static\/(?:private|public)|astro:env\/(?:server|client))["']/g;
const GET_SECRET = /\bgetSecret\(\s*["'](\w+)["']\s*\)/g;

/** Variables that are imported by name: SvelteKit's static ones, Astro's typed ones. */
export const readImported: Reader = (code) => {
  const found: Found[] = [];
  for (const match of matchesIn(code, STATIC))
    for (const { text, at } of splitEntries(match[1] ?? "")) {
      const name = /^\s*([A-Z][A-Z0-9_]*)\b/.exec(text)?.[1];
      const isStatic = match[2]?.startsWith("$env") ?? false;
      if (name !== undefined)
        found.push({
          name,
          at: match.index + match[0].indexOf("{") + 1 + at,
          rule: isStatic ? "svelte-env" : "astro-env",
          need: isStatic ? "must" : "plain",
          ...(isStatic ? { phase: "build" } : {}),
        });
    }
  if (code.includes("astro:env"))
    for (const match of matchesIn(code, GET_SECRET))
      found.push({ name: match[1] ?? "", at: match.index, rule: "astro-env", need: "soft" });
  return found;
};

const CONFIG_GET = new RegExp(
  String.raw`\.(?<=\b\w*[cC]onfig(?:Service)?\s*\.)\s*(get|getOrThrow)\s*(?:<[^>()]*>+)?\(\s*["'\x60]([A-Z][A-Z0-9_]+)["'\x60]\s*(?:,\s*(${LITERAL}|[^)]*))?\)`,
  "g",
);
const CONFIG_HABITS: readonly Habit[] = [
  { after: new RegExp(String.raw`^\s*\)?\s*(?:\|\||\?\?)\s*(?<value>${LITERAL})?`), need: "soft" },
  { after: /^\s*(?:[!=]==?|&&|\?(?![.?])|\?\.)/, need: "soft" },
  { before: /(?:!|\bif\s*\()[\w.\s]*$/, need: "soft" },
];

/** `configService.get("X")` of Nest, and others of that form. */
export const readConfigService: Reader = (code) =>
  [...matchesIn(code, CONFIG_GET)].flatMap((match): Found[] => {
    const [all, verb, name = "", second] = match;
    const given = second === undefined || /^\s*\{/.test(second) ? undefined : second;
    const judged =
      verb === "getOrThrow"
        ? ({ need: "must" } as const)
        : given === undefined
          ? judge(code, match.index, match.index + all.length, CONFIG_HABITS, "plain")
          : ({ need: "soft", ...defaultOf(given) } as const);
    return judged ? [{ name, at: match.index, rule: "config-service", ...judged }] : [];
  });

const HELPER = new RegExp(
  String.raw`(?<![\w.])env(?:\.(?:int|float|bool|json|array|date|oneOf))?\(\s*["']([A-Z]\w*)["']\s*(?:,\s*(${LITERAL}|[^),]*))?`,
  "g",
);
/** Files that are handed such a helper: configurations of Strapi, and of Prisma. */
const GIVEN = /\(\s*\{\s*env\s*\}\s*\)\s*(?::[^=]{1,80})?=>|["']prisma\/config["']/;

/** `env("X", "default")` where a framework hands it over. */
export const readEnvHelper: Reader = (code) => {
  if (!GIVEN.test(code)) return [];
  return [...matchesIn(code, HELPER)].map((match): Found => {
    const [, name = "", second] = match;
    const need = second !== undefined ? "soft" : code.includes("prisma/config") ? "must" : "plain";
    return { name, at: match.index, rule: "env-helper", need, ...defaultOf(second) };
  });
};

/** `runtimeConfig` of Nuxt: each key can be set by `NUXT_` and its name in capitals. */
export const readRuntimeConfig: Reader = (code) => {
  const start = /\bruntimeConfig\s*:\s*\{/.exec(code);
  if (!start) return [];
  return keysOf(insideBrackets(code, start.index + start[0].length - 1), start.index + start[0].length, "NUXT");
};

function keysOf(body: string, offset: number, prefix: string): Found[] {
  return splitEntries(body).flatMap(({ text, at }): Found[] => {
    const [head = "", quote, key = ""] = /^\s*(["']?)([A-Za-z_]\w*)\1\s*:\s*/.exec(text) ?? [];
    if (quote === undefined) return [];
    const value = text.slice(head.length).trim();
    const name = `${prefix}_${key.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase()}`;
    if (value.startsWith("{")) return keysOf(insideBrackets(value, 0), offset + at + head.length + 1, name);
    // What takes another variable of the environment is told by that one.
    if (!new RegExp(`^${LITERAL}$`).test(value)) return [];
    return [{ name, at: offset + at, rule: "runtime-config", need: "soft", ...defaultOf(value) }];
  });
}
