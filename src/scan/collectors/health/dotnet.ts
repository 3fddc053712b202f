import { callArguments, closingBracket } from "../../call-arguments.ts";
import type { Registered } from "./route.ts";
import { type Extractor, type Site, textOf } from "./site.ts";

const CALL =
  /\b(?:(\w+)\s*\.\s*)?(MapHealthChecks|UseHealthChecks|MapGet|MapDefaultEndpoints|MapGroup|MapHealthChecksUI|Map|Get|UsePathBase)\s*\(/g;
const GROUP = /\b(\w+)\s*=\s*(\w+)\s*\.\s*MapGroup\s*\(/g;
const ATTRIBUTE =
  /\[\s*(?:\w+\s*(?:\([^)\]]*\))?\s*,\s*)*(Route|HttpGet)\s*(\(\s*(?:template\s*:\s*)?@?"([^"]*)"[^)]*\))?/g;

export const dotnet: Extractor = {
  extensions: ["cs", "fs", "vb"],
  looksLike: /Map(?:HealthChecks|Get|Group|DefaultEndpoints)|UseHealthChecks|\[[^\]]*(?:Route|HttpGet)|\bGet\("/,
  extract(site, into) {
    const { file, bare, constant } = site;
    for (const match of bare.matchAll(GROUP)) {
      const [first] = callArguments(site, match.index + match[0].length - 1);
      into.mounts.push({
        file,
        at: match.index,
        owner: match[2] ?? "",
        prefix: first && textOf(first.value, constant),
        to: [{ file, owner: match[1] ?? "" }],
      });
    }
    for (const match of bare.matchAll(CALL)) {
      const [whole, owner = "", method = ""] = match;
      const given = callArguments(site, match.index + whole.length - 1);
      const path = textOf(given[0]?.value.replace(/^@/, "") ?? "", constant);
      const add = (text: string, rule: string, confidence: number, certain = false) =>
        into.routes.push({ file, at: match.index, owner, path: text, rule, confidence, certain });
      if (/HealthChecks$/.test(method) && path !== undefined) {
        const ready = /\bready\b/i.test(given[1]?.value ?? "") && /ready/i.test(path);
        add(path, "health-checks", 0.85, !ready && !/ready/i.test(path));
      } else if (method === "MapGet" && path !== undefined) add(path, "route", 0.85);
      // The defaults of Aspire answer in development only, unless the project changes them.
      else if (
        method === "Get" &&
        owner === "" &&
        path?.startsWith("/") &&
        /\bEndpoint(?:WithoutRequest)?\b/.test(bare)
      )
        add(path, "endpoint", 0.8);
    }
    attributes(site, into);
  },
};

function attributes({ file, code, bare }: Site, into: Registered): void {
  const found = [...code.matchAll(ATTRIBUTE)].map((match) => ({
    at: match.index,
    end: match.index + match[0].length,
    kind: match[1] ?? "",
    path: match[3] ?? "",
  }));
  let version: string | undefined;
  for (const { at, end, kind, path } of found) {
    const behind = bare.slice(end, end + 600);
    const [whole, name] =
      /^[^\n;{]*?\]?(?:\s*\[[^\n]*\])*\s*(?:public|internal|sealed|abstract|partial|static|\s)*class\s+(\w+)/.exec(
        behind,
      ) ?? [];
    version ??= /\[\s*ApiVersion\s*\(\s*"(\d+)(?:\.\d+)?"/.exec(code)?.[1];
    const text = path.replace(/\{version(?::\w+)?\}/g, version ?? "1");
    if (kind === "Route" && whole !== undefined) {
      const open = bare.indexOf("{", end + whole.length);
      const to = open === -1 ? code.length : closingBracket(bare, open);
      const prefix = text.replace("[controller]", (name ?? "").replace(/Controller$/, "").toLowerCase());
      into.scopes.push({ file, from: end, to, prefix });
    } else if (kind === "HttpGet") {
      const action = /\b(\w+)\s*\(/.exec(behind.replace(/^[^\n]*\]/, ""))?.[1] ?? "";
      const own = text.replace("[action]", action.toLowerCase());
      // A path from the root leaves the class out of it.
      into.routes.push({ file, at, owner: "(attribute)", path: own, rule: "attribute", confidence: 0.85 });
    }
  }
}
