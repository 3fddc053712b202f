import { callArguments } from "../../call-arguments.ts";
import { moduleFile } from "./python-imports.ts";
import type { Registered } from "./route.ts";
import { type Site, textOf } from "./site.ts";

const PATTERN = /(?<![\w.])(path|re_path|url)\s*\(/g;
/** Applications that answer for the health of the whole. */
const HEALTH_URLS = /^["'](?:health_check|watchman|django_healthchecks|heartbeat|django_alive)[\w.]*["']/;

/** Patterns of Django: `path("health/", …)`, `re_path(r"^health/$", …)`, `path("api/", include("api.urls"))`. */
export function djangoRoutes(site: Site, into: Registered): void {
  const { file, bare, code, view, constant } = site;
  if (!/\burlpatterns\b/.test(bare)) return;
  for (const match of bare.matchAll(PATTERN)) {
    const [first, second] = callArguments(site, match.index + match[0].length - 1);
    const isExpression = match[1] !== "path";
    const written = textOf(first?.value.replace(/^r(?=["'])/, "") ?? "", constant);
    const path = written === undefined || !isExpression ? written : plain(written);
    const included = /^include\(\s*\(?\s*([\s\S]*)$/.exec(second?.value ?? "")?.[1];
    if (second === undefined || path === undefined) continue;
    const at = match.index;
    if (included === undefined || HEALTH_URLS.test(included)) {
      const certain = included !== undefined;
      into.routes.push({
        file,
        at,
        owner: "urlpatterns",
        path,
        rule: "url-pattern",
        confidence: 0.85,
        slash: true,
        certain,
      });
      continue;
    }
    const module = /^["']([\w.]+)["']/.exec(included)?.[1] ?? imported(code, /^([\w.]+)/.exec(included)?.[1]);
    const target = module === undefined ? undefined : moduleFile(view, file, module);
    if (target !== undefined)
      into.mounts.push({ file, at, owner: "urlpatterns", prefix: path, to: [{ file: target, owner: "urlpatterns" }] });
  }
}

/** `api_urls` of `from api import urls as api_urls`, `api.urls` of `import api.urls`. */
function imported(code: string, name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const [, from, module] =
    new RegExp(`\\bfrom\\s+([\\w.]+)\\s+import\\s+(?:[^\\n]*,\\s*)?(?:(\\w+)\\s+as\\s+)?${name}\\b`).exec(code) ?? [];
  return from === undefined ? name : `${from}.${module ?? name}`;
}

/** A regular expression that is a plain path: `^health/?$`; undefined for others. */
function plain(expression: string): string | undefined {
  const path = expression
    .replace(/^\^/, "")
    .replace(/(?:\\Z|\$)$/, "")
    .replace(/\/\?$/, "")
    .replaceAll("\\-", "-")
    .replaceAll("\\.", ".");
  return /^[\w/.-]*$/.test(path) ? path : undefined;
}
