// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the manifest has its own placeholders
import { type CheckConfig, stepRequest } from "../config/checks.ts";
import { UserError } from "../core/errors.ts";
import { plural } from "../core/plural.ts";
import { RECHECKS, type SpecSources } from "./specs.ts";
import { timeoutFor } from "./timing.ts";
import type { CheckSpec } from "./types.ts";

const SERVICE_REFERENCE = /\$\{service:([a-z0-9-]+)\}/g;
const SAVED_REFERENCE = /(\$\{[A-Za-z_]\w*\})/;

/** One of `checks`; none while its address is not known yet. Throws UserError `SM-CHECK-URL` and what `resolve` throws. */
export function namedCheck(
  name: string,
  config: CheckConfig,
  { environment, routes, resolve }: SpecSources,
): CheckSpec[] {
  const references = [...JSON.stringify(config).matchAll(SERVICE_REFERENCE)].map((match) => match[1] ?? "");
  if (references.some((service) => service in routes && !routes[service])) return [];
  const options = resolveDeep(config, savedNames(config), (text) => resolve(text, `checks.${name}`)) as CheckConfig;
  checkAddresses(name, options);
  const type = typeOf(config);
  return [
    {
      id: `${environment}/check/${name}`,
      environment,
      service: config.service ?? config.process ?? null,
      component: name,
      type,
      everyMs: config.every,
      timeoutMs: timeoutFor(config.every, config.timeout),
      critical: config.critical,
      recheck: config.recheck ?? RECHECKS[type],
      options,
      target: describe(config, routes),
    },
  ];
}

function typeOf({ url, tcp, process }: CheckConfig): CheckSpec["type"] {
  if (url !== undefined) return "http";
  if (tcp !== undefined) return "tcp";
  return process === undefined ? "steps" : "process";
}

function savedNames({ steps = [] }: CheckConfig): Set<string> {
  return new Set(steps.flatMap((step) => Object.keys(step.save ?? {})));
}

/** Resolves every string; `${name}` of a value that a step saves is filled in by each run. */
function resolveDeep(value: unknown, saved: ReadonlySet<string>, resolve: (text: string) => string): unknown {
  if (typeof value === "string") {
    const parts = value.split(SAVED_REFERENCE);
    return parts
      .map((part) => (saved.has(part.slice(2, -1)) && SAVED_REFERENCE.test(part) ? part : resolve(part)))
      .join("");
  }
  if (Array.isArray(value)) return value.map((item) => resolveDeep(item, saved, resolve));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === "save" ? item : resolveDeep(item, saved, resolve)]),
  );
}

/** A wrong address stops the start, not the first night. The address itself may hold a secret and is not shown. */
function checkAddresses(name: string, { url, steps = [] }: CheckConfig): void {
  const urls = url === undefined ? steps.map((step) => stepRequest(step).url) : [url];
  for (const [index, text] of urls.entries()) {
    if (SAVED_REFERENCE.test(text)) continue;
    if (/^https?:$/.test(URL.parse(text)?.protocol ?? "")) continue;
    const where = url === undefined ? `step ${index + 1} of check ${name}` : `check ${name}`;
    throw new UserError({
      code: "SM-CHECK-URL",
      message: `the address of ${where} is not an http or https URL`,
      next: "write it in full, for example https://example.com/ or ${service:web}/path",
    });
  }
}

/** The check for people: addresses of services filled in, everything else as written. */
function describe(config: CheckConfig, routes: SpecSources["routes"]): string {
  const shown = (text: string) => text.replace(SERVICE_REFERENCE, (whole, service: string) => routes[service] ?? whole);
  if (config.url !== undefined) return `${config.method ?? "GET"} ${shown(config.url)}`;
  if (config.tcp !== undefined) return `tcp ${shown(config.tcp)}`;
  if (config.process !== undefined) return `process ${config.process}`;
  const [first] = config.steps ?? [];
  if (!first) return "steps";
  const { method, url } = stepRequest(first);
  return `${plural(config.steps?.length ?? 0, "step")} from ${method} ${shown(url)}`;
}
