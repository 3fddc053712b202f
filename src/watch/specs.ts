// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the manifest has its own placeholders
import { type CheckConfig, type Expect, stepRequest } from "../config/checks.ts";
import type { ServiceConfig } from "../config/schema.ts";
import { UserError } from "../core/errors.ts";
import { plural } from "../core/plural.ts";
import { timeoutFor } from "./timing.ts";
import type { CheckSpec } from "./types.ts";

/** For services that say nothing about their health. */
const IMPLIED_EVERY_MS = 5_000;
const IMPLIED_TIMEOUT_MS = 2_000;
/** Whatever the service says is an answer; 502, 503 and 504 are the router's. */
const ANSWERED: Expect["status"] = ["2xx", "3xx", "4xx", 500, 501];
const STORE_EVERY_MS = 1_000;
const RECHECKS = { http: 2, tcp: 2, process: 2, postgres: 2, steps: 1 } as const;
const SERVICE_REFERENCE = /\$\{service:([a-z0-9-]+)\}/g;
const SAVED_REFERENCE = /(\$\{[A-Za-z_]\w*\})/;

export interface SpecSources {
  environment: string;
  /** Address that users of a service call; null for a worker and for what is not deployed yet. */
  routes: Record<string, string | null>;
  /** Replaces `${secret:…}`, `${service:…}` and `${store:…}`; throws UserError for one that is missing. */
  resolve(text: string, where: string): string;
}

/** What runs under the name of a service. */
export type Watched = Pick<ServiceConfig, "health" | "kind" | "critical">;

/** The checks that need no word: per service its health (or its open port) and its process, and the stores. */
export function impliedChecks(
  { services, stores }: { services: Record<string, Watched>; stores: readonly string[] },
  sources: SpecSources,
): CheckSpec[] {
  return [
    ...Object.entries(services).flatMap(([name, service]) => serviceChecks(name, service, sources)),
    ...stores.map((name) => storeCheck(name, sources)),
  ];
}

/** Asked more often than most services, so that it is known to fail before those that use it are. */
function storeCheck(name: string, { environment, resolve }: SpecSources): CheckSpec {
  const base = { every: STORE_EVERY_MS, timeout: IMPLIED_TIMEOUT_MS, critical: true };
  return {
    id: `${environment}/store/${name}`,
    environment,
    service: null,
    component: name,
    type: "postgres",
    everyMs: base.every,
    timeoutMs: timeoutFor(base.every, base.timeout),
    critical: base.critical,
    recheck: RECHECKS.postgres,
    options: { ...base, postgres: resolve(`\${store:${name}}`, `stores.${name}`) },
    target: `select 1 in ${name}`,
  };
}

/** They share the component, so that a dead process and its silent port are one incident. */
function serviceChecks(
  name: string,
  { health, kind, critical }: Watched,
  { environment, routes }: SpecSources,
): CheckSpec[] {
  const every = health?.every ?? IMPLIED_EVERY_MS;
  const base = { every, timeout: health?.timeout ?? IMPLIED_TIMEOUT_MS, critical };
  const shared = {
    environment,
    service: name,
    component: "service",
    everyMs: every,
    timeoutMs: timeoutFor(every, base.timeout),
    critical,
    recheck: RECHECKS.http,
  };
  const id = `${environment}/${name}`;
  const route = routes[name]?.replace(/\/$/, "");
  const process: CheckSpec = {
    ...shared,
    id: `${id}/process`,
    type: "process",
    options: { ...base, process: name },
    target: `process ${name}`,
  };
  if (kind === "worker" || !route) return [process];
  if (!health) {
    // The router always accepts connections; that it reaches nobody shows in its answer only.
    const options = { ...base, url: `${route}/`, expect: { status: ANSWERED } };
    return [{ ...shared, id: `${id}/port`, type: "http", options, target: `any answer from ${route}` }, process];
  }
  const url = `${route}${health.path}`;
  return [
    {
      ...shared,
      id: `${id}/health`,
      type: "http",
      options: { ...base, url, expect: health.expect },
      target: `GET ${url}`,
    },
    process,
  ];
}

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
