import { matchesIn } from "../../../../formats/needed-words.ts";
import { defaultOf, type Found, type Habit, judge, LITERAL, type Reader } from "../read.ts";

const GETENV = /(?<![\w>:$])getenv\(\s*["'](\w+)["']\s*(?:,\s*(?:true|false)\s*)?\)|\$_ENV\[\s*["'](\w+)["']\s*\]/g;
const SERVER = /\$_SERVER\[\s*["']([A-Z]\w*)["']\s*\]/g;
/** What web servers put there. */
const OF_REQUEST =
  /^(?:HTTP|HTTPS|REQUEST|SERVER|REMOTE|SCRIPT|DOCUMENT|QUERY|PATH|PHP|ORIG|GATEWAY|CONTENT|AUTH|CONTEXT|REDIRECT|UNIQUE|argv|argc|SSL|FCGI|CERT|X_)(?:_|$)|^(?:argv|argc)$/;
const HELPER = new RegExp(
  String.raw`(?<![\w>$\\:])(?:env|Env::get(?:OrFail)?)\(\s*["']([A-Za-z_]\w*)["']\s*(?:(,)\s*(${LITERAL}|null)?)?`,
  "g",
);
const HABITS: readonly Habit[] = [
  { after: /^\s*\)*\s*(?:\?:|\?\?)\s*throw\b/, need: "must" },
  { after: new RegExp(String.raw`^\s*\)*\s*(?:\?:|\?\?=?)\s*(?<value>${LITERAL})?`), need: "soft" },
  { after: /^\s*=(?![=>])/, need: "write" },
  { before: /\b(?:isset|empty)\(\s*$/, need: "soft" },
  { after: /^\s*(?:[!=]==?|&&|\|\||\?)/, need: "soft" },
  { before: /(?:\bif\s*\(|!|[!=]==?\s*)$/, need: "soft" },
];

/** `getenv`, `$_ENV`, and the helper `env()`, which takes nothing for an answer. */
export const readPhp: Reader = (code) => {
  const found: Found[] = [];
  const direct = [
    ...matchesIn(code, GETENV),
    ...[...matchesIn(code, SERVER)].filter(([, name = ""]) => !OF_REQUEST.test(name)),
  ];
  for (const match of direct) {
    const judged = judge(code, match.index, match.index + match[0].length, HABITS, "plain");
    if (judged) found.push({ name: match[1] ?? match[2] ?? "", at: match.index, rule: "getenv", ...judged });
  }
  for (const match of matchesIn(code, HELPER))
    found.push({
      name: match[1] ?? "",
      at: match.index,
      rule: "env-helper",
      need: match[0].includes("OrFail") || isKey(match) ? "must" : "soft",
      ...defaultOf(match[3]),
    });
  return found;
};

/** Without its key, Laravel encrypts nothing and answers nothing. */
function isKey([, name, , value]: RegExpExecArray): boolean {
  return name === "APP_KEY" && value === undefined;
}

const SYMFONY = /%env\(((?:[\w.-]+:)*)(\w+)\)%/g;
const PARAMETER = /\benv\((\w+)\)["']?\s*:\s*["']?([^"'\n#]*)/g;

/** `%env(resolve:X)%` of Symfony's configuration, and its defaults `env(X): …`. */
export function readSymfony(text: string): Found[] {
  return [
    ...[...matchesIn(text, SYMFONY)].map((match): Found => {
      const isSoft = /(?:^|:)default:/.test(match[1] ?? "");
      return { name: match[2] ?? "", at: match.index, rule: "symfony", need: isSoft ? "soft" : "must" };
    }),
    ...[...matchesIn(text, PARAMETER)].map((match): Found => {
      const value = (match[2] ?? "").trim();
      return {
        name: match[1] ?? "",
        at: match.index,
        rule: "symfony",
        need: "soft",
        ...(value === "" ? {} : { default: value }),
      };
    }),
  ];
}
