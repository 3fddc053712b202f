import { matchesIn } from "../../../../formats/needed-words.ts";
import { defaultOf, type Found, type Habit, judge, LITERAL, type Reader } from "../read.ts";

const GET = /\bEnvironment\.GetEnvironmentVariable\(\s*"(\w+)"(?:\s*,\s*[\w.]+)?\s*\)/g;
const CONFIGURATION =
  /(?<![A-Za-z0-9])_?[cC]onfig(?:uration)?(?:\[\s*"([\w:.]+)"\s*\]|\.(?:GetValue<[^>]+>|GetRequiredSection|GetSection|(GetConnectionString))\(\s*"([\w:.]+)"(?:\s*,\s*([^)]+))?\))/g;
const DOTNET: readonly Habit[] = [
  { after: /^\s*\??\s*\?\?\s*throw\b/, need: "must" },
  { after: new RegExp(String.raw`^\s*\?\?=?\s*(?<value>${LITERAL})?`), need: "soft" },
  { after: /^\s*(?:[!=]=|\?|is\b)/, need: "soft" },
  { before: /\b(?:IsNullOrEmpty|IsNullOrWhiteSpace|TryParse|Equals)\(\s*$/, need: "soft" },
];
/** A key of the configuration may as well come from a file: its variable is a guess. */
const GUESSED = 0.4;
const GUESSED_CONNECTION = 0.55;

/** `GetEnvironmentVariable`, and keys of the configuration by the names under which variables set them: `A:B` is `A__B`. */
export const readDotnet: Reader = (code) => {
  const found: Found[] = [];
  for (const match of matchesIn(code, GET)) {
    const judged = judge(code, match.index, match.index + match[0].length, DOTNET, "plain");
    if (judged) found.push({ name: match[1] ?? "", at: match.index, rule: "environment", ...judged });
  }
  for (const match of matchesIn(code, CONFIGURATION)) {
    const [all, index, connection, called, second] = match;
    const key = index ?? called ?? "";
    if (all.includes("Section")) continue;
    const name = `${connection === undefined ? "" : "ConnectionStrings__"}${key.replaceAll(":", "__")}`;
    const isVariable = /^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/.test(name);
    found.push({
      name,
      at: match.index,
      rule: "configuration",
      need: "soft",
      ...defaultOf(second),
      ...(isVariable ? {} : { weight: connection === undefined ? GUESSED : GUESSED_CONNECTION }),
    });
  }
  return found;
};

const SYSTEM = new RegExp(
  String.raw`\bSystem\.(get_env|fetch_env!|fetch_env)\(?\s*"(\w+)"\s*(?:(,)\s*(${LITERAL}|[^)\n]*))?\)?|\{:system,\s*"(\w+)"(?:\s*,\s*(${LITERAL}))?\s*\}|(?<![\w.])env!\(\s*"(\w+)"([^)]*)\)`,
  "g",
);
const ELIXIR: readonly Habit[] = [
  { after: /^\)*\s*\|\|\s*\(?\s*raise\b/, need: "must" },
  { after: new RegExp(String.raw`^\)*\s*\|\|\s*(?<value>${LITERAL})?`), need: "soft" },
  { after: /^\)*\s*(?:[!=]=|in\b|&&|not\b|do\b|,\s*do:)/, need: "soft" },
  { before: /\b(?:if|unless|case|not|&&|\|\||and|or|!)\s*\(?$/, need: "soft" },
];

/** `System.get_env` and `fetch_env!`, and `env!` of Dotenvy. */
export const readElixir: Reader = (code) => {
  const found: Found[] = [];
  for (const match of matchesIn(code, SYSTEM)) {
    const [all, verb, name, comma, second, tuple, tupleDefault, dotenvy, rest = ""] = match;
    const read = { name: name ?? tuple ?? dotenvy ?? "", at: match.index, rule: "system-env" };
    if (verb === "get_env" && comma === undefined) {
      const judged = judge(code, match.index, match.index + all.length, ELIXIR, "plain");
      if (judged) found.push({ ...read, ...judged });
    } else if (verb === "get_env") found.push({ ...read, need: "soft", ...defaultOf(second) });
    else if (verb !== undefined) found.push({ ...read, need: verb === "fetch_env!" ? "must" : "soft" });
    else if (tuple !== undefined)
      found.push({ ...read, need: tupleDefault === undefined ? "plain" : "soft", ...defaultOf(tupleDefault) });
    else {
      const value = new RegExp(String.raw`^\s*,\s*:\w+[!?]?\s*,\s*(${LITERAL})`).exec(rest)?.[1];
      found.push({ ...read, need: value === undefined && !/\?/.test(rest) ? "must" : "soft", ...defaultOf(value) });
    }
  }
  return found;
};
