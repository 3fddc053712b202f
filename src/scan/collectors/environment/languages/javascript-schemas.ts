import { matchesIn } from "../../../../formats/needed-words.ts";
import { defaultOf, type Found, insideBrackets, LITERAL, type Reader } from "../read.ts";

/** Builders of schemas, by the names that their libraries are imported under. */
const BUILDER =
  /^\s*(?:z(?:od)?\s*[.(\n]|zod\b|[jJ]oi\s*\.|yup\s*\.|v\s*\.|t\s*\.|Type\s*\.|vine\s*\.|S\s*\.|Schema\s*\.|Env\.schema\s*\.|env\.schema\s*\.|envalid\s*\.|(?:str|bool|num|port|url|email|host|json|makeValidator|envStr|optionalString|requiredString)\s*(?:<[^>]*>)?\s*\()/;
const ENTRY = /[{,]\s*(["']?)([A-Z][A-Z0-9_]+)\1\s*:(?=\s*[A-Za-z])/g;
/** Words of files whose schemas speak of the environment. */
const ABOUT = [
  ...["process.env", "import.meta.env", "Bun.env", "Deno.env", "cleanEnv", "createEnv", "defineEnv", "ConfigModule"],
  ...["validationSchema", "Env.create", "@t3-oss/", '"znv"', '"envsafe"'],
];
const OPTIONAL =
  /\.(?:optional|nullish|catch|default|prefault|optionalWhen)\b|\b(?:v|t|Type|S|Schema)\.(?:[oO]ptional\w*|nullish)\b|\bdevDefault\b|\boptional\w*\(|\bdefault\s*:/;
const DEFAULT = new RegExp(
  String.raw`(?:\.(?:default|prefault)\(\s*(?:\(\)\s*=>\s*)?|\bdefault\s*:\s*|\bv\.optional\([^;]*,\s*)(?<value>${LITERAL})`,
);

/** Schemas of zod, envalid, t3-env, Joi, valibot and others that the environment is checked with. */
export const readSchemas: Reader = (code) => {
  if (!ABOUT.some((word) => code.includes(word))) return [];
  return [...matchesIn(code, ENTRY)].flatMap((match): Found[] => {
    const name = match[2] ?? "";
    const from = match.index + match[0].length;
    if (!BUILDER.test(code.slice(from, from + 60))) return [];
    const expression = upToComma(code, from);
    // Joi takes what is not said to be required as optional.
    const isOptional = /^\s*[jJ]oi\b/.test(expression) ? !/\.required\(/.test(expression) : OPTIONAL.test(expression);
    const value = DEFAULT.exec(expression)?.groups?.value;
    return [
      {
        name,
        at: match.index + match[0].indexOf(name),
        rule: "schema",
        need: isOptional ? "soft" : "must",
        ...defaultOf(value),
      },
    ];
  });
};

const CONVICT = /\benv\s*:\s*["']([A-Z][A-Z0-9_]+)["']/g;
const ENV_VAR = /\benv\.get\(\s*["'](\w+)["']\s*\)((?:\s*\.\w+\([^()]*\))*)/g;

/** convict's `env: "PORT"` and env-var's `env.get("PORT").required()`. */
export const readConfigLibraries: Reader = (code) => {
  const found: Found[] = [];
  if (/["']convict["']/.test(code))
    for (const match of matchesIn(code, CONVICT)) {
      const open = code.lastIndexOf("{", match.index);
      const value = new RegExp(String.raw`\bdefault\s*:\s*(${LITERAL})`).exec(insideBrackets(code, open))?.[1];
      found.push({ name: match[1] ?? "", at: match.index, rule: "convict", need: "soft", ...defaultOf(value) });
    }
  if (/["']env-var["']/.test(code))
    for (const match of matchesIn(code, ENV_VAR)) {
      const [, name = "", chain = ""] = match;
      const value = new RegExp(String.raw`\.default\(\s*(${LITERAL})`).exec(chain)?.[1];
      found.push({
        name,
        at: match.index,
        rule: "env-var",
        need: /\.required\(\s*(?:true)?\s*\)/.test(chain) ? "must" : "soft",
        ...defaultOf(value),
      });
    }
  return found;
};

const LONGEST = 2_000;

/** The expression that starts at an offset: up to the comma or bracket that ends it. */
function upToComma(code: string, from: number): string {
  let depth = 0;
  for (let at = from; at < Math.min(code.length, from + LONGEST); at += 1) {
    const char = code[at] as string;
    if ("([{".includes(char)) depth += 1;
    else if (")]}".includes(char)) depth -= 1;
    if (depth < 0 || (depth === 0 && char === ",")) return code.slice(from, at);
  }
  return code.slice(from, from + 400);
}
