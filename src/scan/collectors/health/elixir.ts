import { endScopes } from "./blocks.ts";
import type { Extractor } from "./site.ts";

const VERB = /(?:^|\n)[ \t]*(get|match|head|forward)\s*\(?\s*"([^"#]*)"\s*(,|\)?\s*do\b)/g;
const PLUG =
  /(?:^|\n)[ \t]*plug\s*\(?\s*([\w.]*(?:Health|Heartbeat|Alive|Ready|Liveness|Readiness|Ping)\w*(?:\.\w+)*)\b([^\n]*)/g;
const PATH = /\b(?:request_path|path_info)\s*(?:==|:|=>|in)\s*(?:"(\/[\w/.-]+)"|\[\s*"([\w.-]+)"\s*\])/g;

export const elixir: Extractor = {
  extensions: ["ex", "exs"],
  looksLike: /\b(?:get|match|forward|scope|plug)\s*\(?\s*["\w]|request_path|path_info/,
  extract({ file, code, bare }, into) {
    const add = (at: number, path: string, rule: string, confidence: number, certain = false) =>
      into.routes.push({ file, at, owner: "(elixir)", path, rule, confidence, certain });
    for (const match of code.matchAll(PATH)) add(match.index, match[1] ?? match[2] ?? "", "compared", 0.65);
    for (const match of code.matchAll(PLUG)) {
      const path =
        /\b(?:path|liveness_path|endpoint)\s*:\s*"([^"]+)"/.exec(match[2] ?? "")?.[1] ??
        (/PlugHeartbeat|Heartbeat$/.test(match[1] ?? "") ? "/heartbeat" : undefined);
      if (path !== undefined) add(match.index + 1, path, "plug", 0.8, true);
    }
    if (!/\buse\s+[\w.]+,\s*:router\b|\buse\s+(?:Phoenix|Plug)\.Router\b|\bPlug\.Router\b/.test(code)) return;
    endScopes(file, code, bare, (line) => /^[ \t]*scope\s*\(?\s*(?:path:\s*)?"([^"]*)"/.exec(line)?.[1], into);
    for (const match of code.matchAll(VERB)) add(match.index + match[0].search(/\S/), match[2] ?? "", "route", 0.85);
  },
};
