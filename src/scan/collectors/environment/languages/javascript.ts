import { matchesIn } from "../../../../formats/needed-words.ts";
import { defaultOf, type Found, type Habit, judge, LITERAL, type Reader, splitEntries } from "../read.ts";

const ENV = String.raw`(?:(?:globalThis\.)?process\??\.env(?:\s+as\s+\w+\))?|import\.meta\.env|Bun\.env)`;
const ACCESS = new RegExp(
  String.raw`(?<![\w$.])(?:\((?=[\w.?]+\s+as\s))?(?:(${ENV})(?:(?:\?\.|!?\.)([A-Za-z_]\w*)(?![\w(])|(?:\?\.)?\[\s*["'\x60](\w+)["'\x60]\s*\])|(Deno\.env\.get)\(\s*["'\x60](\w+)["'\x60]\s*\))`,
  "g",
);
const DESTRUCTURED = new RegExp(String.raw`\b(?:const|let|var)\s*\{([^}]*)\}\s*(?::[^=]+)?=\s*(${ENV})(?![\w.[])`, "g");
const ALIAS = new RegExp(
  String.raw`\b(?:const|let|var)\s+([A-Za-z_$][\w$]*)\s*(?::[^=;\n]+)?=\s*(${ENV})(?:\s+as\s[^;\n]+)?\s*(?:;|\n|$)`,
  "g",
);
const NAMED_ENV =
  /\b(?:const|let|var)\s*\{\s*env\s*(?::\s*(\w+)\s*)?\}\s*=\s*process\b|\bimport\s*\{[^}]*\benv\b(?:\s+as\s+(\w+))?[^}]*\}\s*from\s*["'](?:(?:node:)?process|(\$env\/dynamic\/(?:private|public)))["']/g;
const IN_ENV =
  /["'`]([A-Za-z_]\w*)["'`]\s+in\s+(?:process\.env|import\.meta\.env|Bun\.env)\b|\bDeno\.env\.has\(\s*["'](\w+)["']\s*\)/g;
/** What Vite and Node.js set themselves. */
const BUILT_IN = /^(?:MODE|DEV|PROD|SSR|BASE_URL|npm_\w+)$/;

const CLOSERS = String.raw`(?:\s*!(?!=))?(?:\s+as\s+\w+)?(?:\s*\.(?:trim|toLowerCase|toUpperCase|toString)\(\))?(?:\s*(?:,\s*(?:10|16))?\s*\))*`;
const HABITS: readonly Habit[] = [
  { before: /\bdelete\s+$/, need: "write" },
  { after: new RegExp(String.raw`^\s*(?:\|\||\?\?)=\s*(?<value>${LITERAL})?`), need: "soft" },
  { after: /^\s*=(?![=>])/, need: "write" },
  {
    after: new RegExp(String.raw`^${CLOSERS}\s*(?:\|\||\?\?)\s*(?:\w*[fF]ail\w*|throw|raise|die|panic|missing\w*)\b`),
    need: "must",
  },
  { after: new RegExp(String.raw`^${CLOSERS}\s*(?:\|\||\?\?)\s*(?<value>${LITERAL})?`), need: "soft" },
  { before: /!\s*$/, after: /^[^;]{0,200}\b(?:throw|process\.exit|Deno\.exit)\b/, need: "must" },
  { before: /(?:^|[^!])!\s*$|!!\s*$|\bBoolean\(\s*$|\btypeof\s+$/, need: "soft" },
  { before: /\b(?:assert(?:\.ok)?|invariant|tiny_?[iI]nvariant|ok)\(\s*$/, need: "must" },
  { before: /\b(?:if|while)\s*\($/, need: "soft" },
  { after: /^\s*(?:[!=]==?|&&|\?(?![.?])|\?\.)/, need: "soft" },
  { before: /(?:===?|!==?|&&|\|\||\?\?)\s*$/, need: "soft" },
];

/** `process.env`, `import.meta.env`, `Bun.env` and `Deno.env`, by dot, index, destructuring or another name. */
export const readJavascript: Reader = (code) => {
  if (!/\benv\b/.test(code)) return [];
  const found: Found[] = [];
  const add = (name: string, at: number, end: number, source: string) => {
    if (BUILT_IN.test(name)) return;
    const judged = judge(code, at, end, HABITS, "plain");
    if (judged) found.push({ name, at, ...judged, ...how(source) });
  };
  for (const match of matchesIn(code, ACCESS)) {
    const [all, source, dotted, indexed, deno, asked] = match;
    add(dotted ?? indexed ?? asked ?? "", match.index, match.index + all.length, source ?? deno ?? "");
  }
  for (const [alias, source] of aliases(code)) {
    const access = new RegExp(String.raw`(?<![\w$.])${alias.replace("$", "\\$")}(?:\?\.|\.)([A-Z][A-Z0-9_]*)\b`, "g");
    for (const match of code.matchAll(access)) add(match[1] ?? "", match.index, match.index + match[0].length, source);
  }
  for (const match of matchesIn(code, DESTRUCTURED))
    for (const { text, at } of splitEntries(match[1] ?? "")) {
      const [, name, value] = /^\s*([A-Za-z_]\w*)\s*(?::\s*\w+\s*)?(?:=\s*([\s\S]+))?$/.exec(text) ?? [];
      if (name === undefined || BUILT_IN.test(name)) continue;
      const need = value === undefined ? "plain" : "soft";
      found.push({
        name,
        at: match.index + match[0].indexOf("{") + 1 + at,
        need,
        ...defaultOf(value),
        ...how(match[2] ?? ""),
      });
    }
  for (const match of matchesIn(code, IN_ENV))
    found.push({ name: match[1] ?? match[2] ?? "", at: match.index, need: "soft", rule: "process-env" });
  return found;
};

function aliases(code: string): [name: string, source: string][] {
  return [
    ...[...matchesIn(code, ALIAS)].map(([, name = "", source = ""]): [string, string] => [name, source]),
    ...[...matchesIn(code, NAMED_ENV)].map(([, first, second, svelte]): [string, string] => [
      first ?? second ?? "env",
      svelte ?? "process.env",
    ]),
  ];
}

function how(source: string): Pick<Found, "rule" | "phase"> {
  if (source.startsWith("import.meta")) return { rule: "import-meta-env", phase: "build" };
  if (source.startsWith("$env")) return { rule: "svelte-env" };
  if (source.startsWith("Deno")) return { rule: "deno-env" };
  return { rule: source.startsWith("Bun") ? "bun-env" : "process-env" };
}
