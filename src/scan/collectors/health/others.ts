import type { Extractor } from "./site.ts";

/** Forms of smaller ecosystems; the first group that holds something is the path. */
const FORMS: readonly RegExp[] = [
  // Vapor, shelf, Crow, Drogon, cpp-httplib, Kemal, Jester
  /\b(?:app|router|server|svr|routes?|drogon::app\(\))\s*(?:\.|->)\s*(?:get|Get|GET|registerHandler)\s*\(\s*"(\/?[\w/.-]+)"/g,
  /\bCROW_(?:BP_)?ROUTE\(\s*\w+\s*,\s*"(\/[\w/.-]+)"/g,
  // Gleam, Haskell, Clojure, OCaml
  /\["(health[\w-]*|readyz?|livez?|ping|status)"\]\s*->/g,
  /\[\s*"(\/[\w/.-]+)"\s*[[{:]/g,
  /\(\s*GET\s+"(\/[\w/.-]+)"/g,
  /\b(?:get|Scotty\.get)\s+"(\/[\w/.-]+)"\s*(?:do\b|\$|\{|\|)/g,
  // Akka, Pekko, http4s
  /\bpath\(\s*"([\w-]+)"\s*\)\s*\{?/g,
  /\bGET\s*->\s*Root((?:\s*\/\s*"[\w-]+")+)/g,
];

/** Languages whose comments nobody blanks: lines that begin as one are left out here. */
const UNMASKED = ["clj", "cljs", "cljc", "hs", "ml", "nim", "cr", "jl", "lua", "pl", "r", "rkt", "erl", "v", "d"];

/** Code of such a file, of the same length. */
export function plainCode(text: string): string {
  return text.replace(/^[ \t]*(?:;|--|#|%|\/\/|\(\*).*$/gm, (line) => " ".repeat(line.length));
}

export const others: Extractor = {
  extensions: ["swift", "dart", "cpp", "cc", "cxx", "c", "scala", "gleam", "zig", ...UNMASKED],
  looksLike: /health|ready|live|ping|status/i,
  extract({ file, code }, into) {
    for (const form of FORMS)
      for (const match of code.matchAll(form)) {
        const path = (match[1] ?? "").replace(/["\s]/g, "");
        into.routes.push({ file, at: match.index, owner: "(other)", path, rule: "route", confidence: 0.7 });
      }
  },
};
