import { endScopes } from "./blocks.ts";
import type { Extractor } from "./site.ts";

const WORD = `(?:(?<quote>["'])(?<text>[^"'#]*)\\k<quote>|:(?<symbol>\\w+))`;
const VERB = new RegExp(
  `(?:^|\\n)[ \\t]*(?:\\w+\\.)?(get|match|head|root)\\s*\\(?\\s*${WORD}\\s*(=>|,|do\\b|\\)|\\n|$|\\{)`,
  "g",
);
const RESOURCE = /(?:^|\n)[ \t]*resource\s*\(?\s*:(\w+)([^\n]*)/g;
const MOUNTED = new RegExp(`(?:^|\\n)[ \\t]*mount\\s*\\(?\\s*([\\w:]+)[^\\n]*?(?:=>|\\bat:)\\s*${WORD}`, "g");
const PATH_INFO = /\b(?:path_info|path|PATH_INFO["']\])\s*(?:==|\.start_with\?\(?)\s*["'](\/[\w/.-]+)["']/g;
const MAP = /(?:^|\n)[ \t]*map\s*\(?\s*["'](\/[\w/.-]+)["']/g;
/** Engines that answer for the health of the whole. */
const HEALTH_ENGINE =
  /^(?:OkComputer|HealthMonitor|HealthCheck|Easymon|RailsHealth|Healthcheck|HealthBit|IsItWorking)\b/;

export const ruby: Extractor = {
  extensions: ["rb", "ru"],
  looksLike: /routes\.draw|\bget\b|\bmount\b|health|PATH_INFO|\bmap\b/,
  extract({ file, code, bare }, into) {
    const isRails = /(?:^|\/)config\/routes(?:\/|\.rb$)/.test(file);
    const isRoutes =
      isRails || /\b[Ss]inatra\b|\bGrape\b|\bRoda\b|\bHanami\b|\bRack\b|\bCuba\b|\bPadrino\b|\brun\b/.test(code);
    for (const match of code.matchAll(PATH_INFO)) add(match.index, match[1] ?? "", "compared", 0.6);
    if (!isRoutes) return;
    endScopes(file, code, bare, prefixOf, into);
    for (const match of code.matchAll(VERB)) add(begin(match), wordOf(match), "route", 0.85);
    for (const match of code.matchAll(MAP)) add(begin(match), match[1] ?? "", "route", 0.75);
    for (const match of code.matchAll(MOUNTED)) {
      const certain = HEALTH_ENGINE.test(match[1] ?? "");
      add(begin(match), wordOf(match), "engine", certain ? 0.85 : 0.8, certain);
    }
    if (!isRails) return;
    for (const match of code.matchAll(RESOURCE)) {
      const [, name = "", options = ""] = match;
      const path = /\bpath:\s*["']([^"']*)["']/.exec(options)?.[1] ?? name;
      if (!/\bonly:/.test(options) || /\bshow\b/.test(options)) add(begin(match), path, "resource", 0.85);
    }
    for (const match of code.matchAll(/(?:^|\n)[ \t]*health_check_routes\b(?:\s*\(?\s*["']([^"']+)["'])?/g))
      add(begin(match), match[1] ?? "health_check", "engine", 0.85, true);

    function add(at: number, path: string, rule: string, confidence: number, certain = false): void {
      into.routes.push({ file, at, owner: "(ruby)", path, rule, confidence, certain });
    }
  },
};

function wordOf({ groups }: RegExpExecArray): string {
  return groups?.text ?? groups?.symbol ?? "";
}

/** Where a match begins, behind the line end and the blanks that it may begin with. */
function begin(match: RegExpExecArray): number {
  return match.index + match[0].search(/\S/);
}

function prefixOf(line: string): string | undefined {
  const [, word = "", text, symbol] =
    /^[ \t]*(namespace|scope|prefix|resources|resource|on|route|slice)\s*\(?\s*(?:["']([^"']*)["']|:(\w+))?/.exec(
      line,
    ) ?? [];
  const path = /\bpath:\s*(?:["']([^"']*)["']|:(\w+)|nil)/.exec(line);
  if (path) return path[1] ?? path[2] ?? "";
  if (word === "resources") return `${text ?? symbol ?? ""}/:id`;
  return word === "" ? undefined : (text ?? symbol ?? "");
}
