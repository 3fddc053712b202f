import { callArguments } from "../../call-arguments.ts";
import type { View } from "../../collector.ts";
import { searchCode } from "../../search.ts";
import type { Registered } from "./route.ts";
import { type Site, textOf } from "./site.ts";

/** Controllers of Nest: `@Controller("health")` with `@Get()`. */
export function nestRoutes(site: Site, into: Registered): void {
  const { file, bare, view, constant } = site;
  const controllers = [...bare.matchAll(/@Controller\s*\(/g)];
  if (controllers.length === 0) return;
  const settings = settingsOf(view, constant);
  for (const [index, controller] of controllers.entries()) {
    const from = controller.index;
    const to = controllers[index + 1]?.index ?? bare.length;
    const [first] = callArguments(site, from + controller[0].length - 1);
    const bases = pathsOf(first?.value, constant);
    const version = /\bversion\s*:\s*["'`]([\w.]+)["'`]/.exec(first?.value ?? "")?.[1];
    for (const get of bare.slice(from, to).matchAll(/@(?:Get|All)\s*\(/g)) {
      const at = from + get.index;
      const neutral =
        /VERSION_NEUTRAL/.test(site.code.slice(Math.max(at - 200, from), at + 300)) ||
        /VERSION_NEUTRAL/.test(first?.value ?? "");
      for (const base of bases)
        for (const path of pathsOf(callArguments(site, at + get[0].length - 1)[0]?.value, constant)) {
          const own = [base, path].filter(Boolean).join("/");
          const number = neutral ? undefined : (version ?? settings.version);
          const versioned = settings.versioned && number !== undefined ? `v${number}/${own}` : own;
          const isOutside = settings.excluded.test(`/${own}`);
          const whole = isOutside ? own : `${settings.prefix ?? ""}/${versioned}`;
          const confidence = isOutside || settings.prefix !== undefined ? 0.85 : UNKNOWN_PREFIX;
          into.routes.push({ file, at, owner: "(nest)", path: whole, rule: "nest-controller", confidence });
        }
    }
  }
}

function pathsOf(argument: string | undefined, constant: Site["constant"]): string[] {
  if (argument === undefined) return [""];
  const inner = argument.startsWith("{")
    ? (/\bpath\s*:\s*(\[[^\]]*\]|[^,}\n]+)/.exec(argument)?.[1] ?? '""')
    : argument;
  if (inner.startsWith("[")) return [...inner.matchAll(/(["'`])([^"'`]*)\1/g)].map((match) => match[2] ?? "");
  const text = textOf(inner, constant);
  return text === undefined ? [] : [text];
}

/** Below what is used: the path may be another one. */
const UNKNOWN_PREFIX = 0.45;

interface Settings {
  /** Undefined where it is set and not written down. */
  prefix: string | undefined;
  excluded: RegExp;
  versioned: boolean;
  version: string | undefined;
}

const known = new WeakMap<readonly string[], Settings>();

function settingsOf(view: View, constant: Site["constant"]): Settings {
  const found = known.get(view.sources) ?? readSettings(view, constant);
  known.set(view.sources, found);
  return found;
}

function readSettings(view: View, constant: Site["constant"]): Settings {
  const [prefix] = searchCode(view, /\.setGlobalPrefix\(\s*([^,)\n]+)(?:,\s*\{([\s\S]{0,600}?)\}\s*\))?/g);
  const [version] = searchCode(view, /\.enableVersioning\(([\s\S]{0,300}?)\)\s*;?\s*$/gm);
  const options = version?.match[1] ?? "";
  const excluded = [...(prefix?.match[2] ?? "").matchAll(/["'`]\/?([\w/-]+)(?:\/?\(\.\*\)|\/?\*\w*)?["'`]/g)].map(
    (match) => match[1],
  );
  return {
    prefix: prefix ? textOf(prefix.match[1] ?? "", constant) : "",
    excluded: new RegExp(`^/(?:${excluded.join("|") || "(?!)"})(?:/|$)`),
    versioned: version !== undefined && !/VersioningType\.(?:HEADER|MEDIA_TYPE|CUSTOM)/.test(options),
    version: /defaultVersion\s*:\s*\[?\s*["'`]([\w.]+)["'`]/.exec(options)?.[1],
  };
}
