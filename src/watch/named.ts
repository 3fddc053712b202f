// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the manifest has its own placeholders
import { checkKey } from "../config/check-options.ts";
import { type CheckConfig, stepRequest } from "../config/checks.ts";
import { formatDuration } from "../core/duration.ts";
import { UserError } from "../core/errors.ts";
import { plural } from "../core/plural.ts";
import { clip } from "../core/text.ts";
import { namedCheckId } from "./check-id.ts";
import { RECHECKS, type SpecSources } from "./specs.ts";
import { timeoutFor } from "./timing.ts";
import type { CheckSpec } from "./types.ts";

const SERVICE_REFERENCE = /\$\{service:([a-z0-9-]+)\}/g;
const STORE_REFERENCE = /^\$\{store:([^}]+)\}$/;
const HEARTBEAT_EVERY_MS = 60_000;
const FULL_PERCENT = 80;
const LONGEST_QUERY = 60;
const TIMEOUT_MS = 10_000;
const BROWSER_TIMEOUT_MS = 30_000;
/** User and password of an address, which may stand there in plain text. */
const CREDENTIALS = /(?<=^https?:\/\/)[^/?#]*@/;
const SAVED_REFERENCE = /(\$\{[A-Za-z_]\w*\})/;

/** One of `checks`; none while its address is not known yet. Throws UserError `SM-CHECK-URL` and what `resolve` throws. */
export function namedCheck(name: string, config: CheckConfig, sources: SpecSources): CheckSpec[] {
  const { routes, resolve } = sources;
  const references = referencesIn(config);
  if (references.some((service) => service in routes && !routes[service])) return [];
  const options = resolveDeep(config, savedNames(config), (text) => resolve(text, `checks.${name}`)) as CheckConfig;
  checkAddresses(name, options);
  return [specOf(name, { config, options }, sources)];
}

function referencesIn(config: CheckConfig): string[] {
  return [...JSON.stringify(config).matchAll(SERVICE_REFERENCE)].map((match) => match[1] ?? "");
}

/** The services that a check is about: the one it speaks for and those whose address it asks. */
export function servicesOf(config: CheckConfig): string[] {
  return [...(config.service === undefined ? [] : [config.service]), ...referencesIn(config)];
}

/** One of `checks` that cannot be made right now: it keeps its place, and says why it is not asked. */
export function brokenCheck(
  name: string,
  config: CheckConfig,
  sources: Pick<SpecSources, "environment" | "routes"> & { why: string },
): CheckSpec {
  return { ...specOf(name, { config, options: config }, sources), broken: sources.why };
}

function specOf(
  name: string,
  { config, options }: { config: CheckConfig; options: CheckConfig },
  { environment, routes }: Pick<SpecSources, "environment" | "routes">,
): CheckSpec {
  const type = typeOf(config);
  const everyMs = everyOf(config);
  return {
    id: namedCheckId(environment, name),
    environment,
    service: config.service ?? (typeof config.process === "string" ? config.process : null),
    component: name,
    type,
    everyMs,
    timeoutMs: timeoutFor(everyMs, config.timeout ?? (type === "browser" ? BROWSER_TIMEOUT_MS : TIMEOUT_MS)),
    critical: config.critical,
    recheck: config.recheck ?? RECHECKS[type],
    options: withDefaults(options),
    target: describe(config, options, routes),
    ...(config.heartbeat ? { certain: true } : {}),
    dependsOn: config.depends_on ?? [],
    impact: config.impact,
    ...(config.runbook === undefined ? {} : { runbook: config.runbook }),
    ...(config.keep_raw ? { keepRaw: true } : {}),
  };
}

function typeOf(config: CheckConfig): CheckSpec["type"] {
  const key = checkKey(config);
  return key === "url" ? "http" : key;
}

/** A heartbeat is looked at when it becomes due, and often enough besides to see that a call was lost. */
function everyOf({ every, heartbeat }: CheckConfig): number {
  if (!heartbeat) return every;
  return Math.min(every, HEARTBEAT_EVERY_MS, Math.max(1_000, (heartbeat.period + heartbeat.grace) / 4));
}

/** Limits that only checks of the manifest have, not those that a store implies. */
function withDefaults(options: CheckConfig): CheckConfig {
  if (options.postgres === undefined) return options;
  return { max_connections: FULL_PERCENT, ...options };
}

/** The name of a store, or where an address leads, without user and password. */
function database(written: string, address = ""): string {
  const store = STORE_REFERENCE.exec(written)?.[1];
  if (store !== undefined) return store;
  const url = URL.parse(address);
  return url?.host ? `${url.host}${url.pathname}` : "a database";
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
function checkAddresses(name: string, { url: asked, browser, steps = [] }: CheckConfig): void {
  const url = asked ?? browser;
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
function describe(config: CheckConfig, resolved: CheckConfig, routes: SpecSources["routes"]): string {
  const shown = (text: string) =>
    text.replace(CREDENTIALS, "").replace(SERVICE_REFERENCE, (whole, service: string) => routes[service] ?? whole);
  if (config.url !== undefined) return `${config.method ?? "GET"} ${shown(config.url)}`;
  if (config.dns !== undefined) return `dns ${config.type ?? "A"} ${config.dns}`;
  if (config.postgres !== undefined)
    return `${clip(config.query ?? "select 1", LONGEST_QUERY)} in ${database(config.postgres, resolved.postgres)}`;
  if (config.redis !== undefined) return `PING ${database(config.redis, resolved.redis)}`;
  if (config.heartbeat)
    return `a call every ${formatDuration(config.heartbeat.period)}, at most ${formatDuration(config.heartbeat.grace)} late`;
  if (typeof config.process === "object") {
    if (!("container" in config.process)) return `process ${Object.values(config.process)[0]}`;
    const { container, host } = config.process;
    return `container ${container}${host === undefined ? "" : ` on ${host}`}`;
  }
  const key = checkKey(config);
  if (key !== "steps") return `${key} ${shown(String(config[key]))}`;
  const [first] = config.steps ?? [];
  if (!first) return "steps";
  const { method, url } = stepRequest(first);
  return `${plural(config.steps?.length ?? 0, "step")} from ${method} ${shown(url)}`;
}
