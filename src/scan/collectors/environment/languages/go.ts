import { matchesIn } from "../../../../formats/needed-words.ts";
import { defaultOf, type Found, type Habit, judge, LITERAL, type Reader } from "../read.ts";

const GETENV =
  /(?:(\b[A-Za-z_]\w*)\s*(?:,\s*\w+\s*)?:?=\s*)?\b(os|syscall)\.(Getenv|LookupEnv)\(\s*["`](\w+)["`]\s*\)/g;
const CMP_OR = new RegExp(String.raw`\bcmp\.Or\(\s*os\.Getenv\(\s*"(\w+)"\s*\)\s*,\s*(${LITERAL})`, "g");
const HABITS: readonly Habit[] = [
  {
    after:
      /^\s*;?\s*\w*\s*==\s*""\s*\{\s*[^}]*\b(?:log\.\w*Fatal|Fatal\w*\(|panic\(|os\.Exit|return\b[^\n]*(?:fmt\.Errorf|errors\.New))/,
    need: "must",
  },
  { after: /^\s*(?:==|!=|;)/, need: "soft" },
];
const MAKES_STOP = /(?:\.?Fatal\w*\(|panic\(|os\.Exit\(|return\b[^\n]*(?:fmt\.Errorf|errors\.New))/;

/** `os.Getenv` and what the lines behind it do with an empty value. */
export const readGo: Reader = (code) => {
  const found: Found[] = [];
  for (const match of matchesIn(code, GETENV)) {
    const [all, variable, , verb, name = ""] = match;
    const at = match.index + all.lastIndexOf(`${match[2]}.`);
    const end = match.index + all.length;
    const judged = judge(code, match.index, end, HABITS, verb === "LookupEnv" ? "soft" : "plain");
    if (judged)
      found.push({
        name,
        at,
        rule: "os-getenv",
        ...judged,
        ...(variable === undefined ? {} : emptiness(code, end, variable)),
      });
  }
  for (const match of matchesIn(code, CMP_OR))
    found.push({ name: match[1] ?? "", at: match.index, rule: "os-getenv", need: "soft", ...defaultOf(match[2]) });
  return found;
};

/** `if x == "" { x = "8080" }` behind `x := os.Getenv(…)`. */
function emptiness(code: string, from: number, variable: string): Partial<Found> {
  const rest = code.slice(from, from + 400);
  const test = new RegExp(
    String.raw`\bif\s+(?:${variable}\s*==\s*""|len\(${variable}\)\s*==\s*0|!ok)[^{\n]*\{([^}]*)\}`,
  ).exec(rest);
  if (!test) return {};
  const body = test[1] ?? "";
  const value = new RegExp(String.raw`\b${variable}\s*=\s*(${LITERAL})`).exec(body)?.[1];
  if (value !== undefined) return { need: "soft", ...defaultOf(value) };
  return { need: MAKES_STOP.test(body) ? "must" : "soft" };
}

const TAG = /`([^`\n]*\b(?:env|envconfig|mapstructure):"[^`\n]*)`/g;
const NESTED = /^[ \t]*(?:\w+[ \t]+)?\*?(?:\w+\.)?(\w+)[ \t]+`[^`\n]*\benvPrefix:"(\w+)"/gm;
const STRUCT = /\btype\s+(\w+)\s+struct\s*\{/g;

/** Tags of caarlos0/env, cleanenv, envconfig, go-envconfig and kong. */
export const readGoTags: Reader = (code) => {
  const prefixes = new Map([...matchesIn(code, NESTED)].map(([, type = "", prefix = ""]) => [type, prefix]));
  const structs = [...matchesIn(code, STRUCT)].map((match) => ({ at: match.index, type: match[1] ?? "" }));
  return [...matchesIn(code, TAG)].flatMap((match): Found[] => {
    const tags = new Map(
      [...(match[1] ?? "").matchAll(/([\w-]+):"((?:[^"\\]|\\.)*)"/g)].map(([, key = "", value = ""]) => [key, value]),
    );
    const [name = "", ...options] = (tags.get("env") ?? tags.get("envconfig") ?? inCapitals(tags.get("mapstructure")))
      .split(",")
      .map((part) => part.trim());
    if (!/^[A-Za-z_]\w*$/.test(name)) return [];
    const type = structs.findLast(({ at }) => at < match.index)?.type ?? "";
    const given = tags.get("envDefault") ?? tags.get("env-default") ?? tags.get("default") ?? inOptions(options);
    const isRequired =
      options.some((option) => /^(?:required|notEmpty)$/.test(option)) ||
      ["required", "env-required"].some((key) => tags.get(key) === "true") ||
      (tags.has("required") && tags.get("required") === "");
    return [
      {
        name: `${prefixes.get(type) ?? ""}${name}`,
        at: match.index,
        rule: "struct-tag",
        need: isRequired ? "must" : "soft",
        ...(given ? { default: given } : {}),
      },
    ];
  });
};

/** Keys of viper are no variables, unless they are written as such. */
function inCapitals(key = ""): string {
  return /^[A-Z][A-Z0-9]*_[A-Z0-9_]*$/.test(key) ? key : "";
}

function inOptions(options: readonly string[]): string | undefined {
  return options.map((option) => /^default=(.*)$/.exec(option)?.[1]).find((value) => value !== undefined);
}

const BIND = /\bBindEnv\(\s*((?:"[\w.-]+"\s*,?\s*)+)\)/g;
const VIPER_GET = /\b(?:viper|v|vip|vp)\.(?:Get\w*|IsSet)\(\s*"([A-Z][A-Z0-9_]+)"\s*\)/g;
const VIPER_DEFAULT = new RegExp(
  String.raw`\b(?:viper|v|vip|vp)\.SetDefault\(\s*"([A-Z][A-Z0-9_]+)"\s*,\s*(${LITERAL})?`,
  "g",
);
const CLI = /\b(?:EnvVars?|Sources)\s*:\s*(?:\[\]string\{|cli\.EnvVars\()?\s*"(\w+)"/g;

/** viper's bindings, and flags of urfave/cli. */
export const readGoConfig: Reader = (code) => {
  const found: Found[] = [];
  for (const match of matchesIn(code, BIND)) {
    const [key, ...names] = [...(match[1] ?? "").matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name);
    const bound = names.length > 0 ? names : key !== undefined && /^[A-Z][A-Z0-9_]*$/.test(key) ? [key] : [];
    for (const name of bound) found.push({ name, at: match.index, rule: "viper", need: "soft" });
  }
  const usesEnvironment = /\b(?:AutomaticEnv|BindEnv)\(/.test(code) || /\bSetConfigType\("env"\)|\.env"/.test(code);
  for (const match of matchesIn(code, VIPER_DEFAULT))
    found.push({ name: match[1] ?? "", at: match.index, rule: "viper", need: "soft", ...defaultOf(match[2]) });
  if (usesEnvironment || /spf13\/viper/.test(code))
    for (const match of matchesIn(code, VIPER_GET))
      found.push({ name: match[1] ?? "", at: match.index, rule: "viper", need: "plain" });
  for (const match of matchesIn(code, CLI))
    found.push({ name: match[1] ?? "", at: match.index, rule: "command-option", need: "soft" });
  return found;
};
