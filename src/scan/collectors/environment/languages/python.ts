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

const INDEX = /(?<![\w.])(?:os\.)?environ\s*\[\s*[rbf]?["'](\w+)["']\s*\]/g;
const GET = /(?<![\w.])(?:(?:os\.)?environ\.get|(?:os\.)?getenv)\s*\(\s*(?:key\s*=\s*)?["'](\w+)["']/g;
const HAS = /["'](\w+)["']\s+(?:not\s+)?in\s+(?:os\.)?environ\b/g;
const CLI = /\benvvar\s*=\s*\[?\s*["'](\w+)["']/g;

const WRITE: readonly Habit[] = [
  { after: /^\s*=(?!=)/, need: "write" },
  { before: /\bdel\s+$/, need: "write" },
];
const HABITS: readonly Habit[] = [
  { after: new RegExp(String.raw`^\)*\s*or\s+(?<value>${LITERAL})?`), need: "soft" },
  { after: /^\)*\s*(?:[!=]=|is\b|in\b|not\b|and\b|if\b)/, need: "soft" },
  { before: /\b(?:if|elif|while|not|and|or|bool\()\s*\(?$/, need: "soft" },
];

/** `os.environ`, `os.getenv` and the options of click and typer. */
export const readPython: Reader = (code) => {
  const found: Found[] = [];
  if (code.includes("environ") || code.includes("getenv")) {
    for (const match of matchesIn(code, INDEX)) {
      const judged = judge(code, match.index, match.index + match[0].length, WRITE, "must");
      if (judged) found.push({ name: match[1] ?? "", at: match.index, rule: "os-environ", ...judged });
    }
    for (const match of matchesIn(code, GET)) {
      const open = match.index + match[0].indexOf("(");
      const inside = insideBrackets(code, open);
      const [, second] = splitEntries(inside);
      const end = open + inside.length + 2;
      const read = { name: match[1] ?? "", at: match.index, rule: "os-environ" };
      if (second) found.push({ ...read, need: "soft", ...defaultOf(second.text.replace(/^default\s*=\s*/, "")) });
      else found.push({ ...read, need: "plain", ...judge(code, match.index, end, HABITS, "plain") });
    }
    for (const match of matchesIn(code, HAS))
      found.push({ name: match[1] ?? "", at: match.index, rule: "os-environ", need: "soft" });
  }
  for (const match of matchesIn(code, CLI))
    found.push({ name: match[1] ?? "", at: match.index, rule: "command-option", need: "soft" });
  return found;
};

const LIBRARY =
  /\b(?:import environ\b|from environs\b|import environs\b|from environ\b|decouple\b|starlette\.config\b|from envparse\b)/;
const MADE =
  /^[ \t]*(\w+)[ \t]*(?::[^=\n]{1,80})?=\s*(?:environ\.)?(?:environs\.)?(?:File(?:Aware)?)?(?:Env|Config|AutoConfig)\s*\(/gm;
const DATABASE = /\bdj_database_url\.config\s*\(/g;
/** What the readers without a name take by default. */
const UNNAMED: Record<string, string> = {
  db: "DATABASE_URL",
  db_url: "DATABASE_URL",
  dj_db_url: "DATABASE_URL",
  cache: "CACHE_URL",
  cache_url: "CACHE_URL",
  email: "EMAIL_URL",
  email_url: "EMAIL_URL",
  search_url: "SEARCH_URL",
};

const SCHEME = /\benviron\.(?:File(?:Aware)?)?Env\s*\(/g;

/** django-environ, environs, python-decouple and Starlette's Config; other files of the unit may have made their reader. */
export const readSettingsCalls: Reader = (code) => {
  const found: Found[] = [];
  const names = new Set([...matchesIn(code, MADE)].map(([, name = ""]) => name));
  if (LIBRARY.test(code)) for (const name of ["env", "config"]) names.add(name);
  else if (/\bimport\b[^\n]*\b(?:env|config)\b/.test(code)) for (const name of ["env", "config"]) names.add(name);
  for (const reader of names) found.push(...calls(code, reader, LIBRARY.test(code)));
  for (const match of matchesIn(code, SCHEME)) found.push(...schemeOf(code, match.index + match[0].length - 1));
  for (const match of matchesIn(code, DATABASE)) {
    const inside = insideBrackets(code, match.index + match[0].length - 1);
    const name = /\benv\s*=\s*["'](\w+)["']/.exec(inside)?.[1] ?? "DATABASE_URL";
    const value = new RegExp(String.raw`\bdefault\s*=\s*(${LITERAL})`).exec(inside)?.[1];
    found.push({
      name,
      at: match.index,
      rule: "dj-database-url",
      need: /\bdefault\s*=/.test(inside) ? "soft" : "plain",
      ...defaultOf(value),
    });
  }
  return found;
};

const LONGEST_CALL = 1_000;

/** `environ.Env(DEBUG=(bool, False))`: what those variables are where nobody sets them. */
function schemeOf(code: string, open: number): Found[] {
  return splitEntries(insideBrackets(code, open, LONGEST_CALL)).flatMap(({ text, at }): Found[] => {
    const [, name, value = ""] = /^([A-Z][A-Z0-9_]*)\s*=\s*\(\s*\w+\s*,\s*([\s\S]*?),?\s*\)$/.exec(text) ?? [];
    if (name === undefined) return [];
    return [{ name, at: open + 1 + at, rule: "settings-scheme", need: "soft", ...defaultOf(value) }];
  });
}

function calls(code: string, reader: string, isLibrary: boolean): Found[] {
  const pattern = new RegExp(String.raw`(?<![\w.])${reader}(?:\.(\w+))?\s*\(`, "g");
  return [...code.matchAll(pattern)].flatMap((match): Found[] => {
    const [all, method = ""] = match;
    // `config.get` of others is a lookup in a mapping.
    if (/^(?:read_env|prefixed|seal|set|copy|get_secret)$/.test(method) || (method === "get" && !isLibrary)) return [];
    // What does not begin with a name or an option is no question for a variable.
    if (!/^\s*(?:["')]|\w+\s*=)/.test(code.slice(match.index + all.length, match.index + all.length + 60))) return [];
    const [first, ...others] = splitEntries(insideBrackets(code, match.index + all.length - 1, LONGEST_CALL));
    const isNamed = first !== undefined && /^["'][A-Z][A-Z0-9_]*["']$/.test(first.text);
    const name = isNamed ? first.text.slice(1, -1) : UNNAMED[method];
    if (name === undefined || (!isNamed && first !== undefined && !/^\w+\s*=/.test(first.text))) return [];
    const options = isNamed ? others : [...(first ? [first] : []), ...others];
    const keyword = options
      .map(({ text }) => /^default\s*=\s*([\s\S]+)$/.exec(text)?.[1])
      .find((value) => value !== undefined);
    const positional = options.map(({ text }) => text).find((text) => new RegExp(`^${LITERAL}$`).test(text));
    const value = keyword ?? positional;
    return [
      {
        name,
        at: match.index,
        rule: "settings-call",
        need: value === undefined ? "must" : "soft",
        ...defaultOf(value),
      },
    ];
  });
}
