import type { Manifest } from "../config/load.ts";
import { toKnownError } from "../core/errors.ts";
import { isPreviewName } from "../deploy/previews/names.ts";
import type { ReleasedService } from "../store/tables/release.ts";
import { brokenCheck, namedCheck } from "../watch/named.ts";
import { impliedChecks, type SpecSources, type Watched, type WatchedHost } from "../watch/specs.ts";
import type { CheckSpec } from "../watch/types.ts";
import type { Engine } from "./engine.ts";
import { infrastructureParts } from "./infrastructure.ts";
import { resolver } from "./resolver.ts";
import { dependenciesOf, servedServices, strings } from "./watching.ts";

const PLACEHOLDER = /\$\{(secret|store|service):([^}]+)\}/g;

/**
 * The checks of what runs: those that its release implies and those of the manifest, with addresses filled in. One that cannot
 * be made right now is there too and says why, so that its incident goes on; `report` hears of it.
 */
export async function currentChecks(engine: Engine, report: (error: unknown) => void): Promise<CheckSpec[]> {
  const { manifest, environment } = engine;
  const served = await servedServices(engine);
  const routes = await addresses(engine, served);
  const sources = async (text: string, where: string): Promise<SpecSources> => ({
    environment,
    routes,
    resolve: await resolver(engine, text, where),
  });
  const services = Object.fromEntries(
    await Promise.all(
      Object.entries(served).map(async ([name, released]) => {
        const hosts = await watchedHosts(engine, name, released);
        return [name, { ...watched(released, manifest.services[name]?.critical), hosts }] as const;
      }),
    ),
  );
  const infrastructure = {
    names: Object.keys(await infrastructureParts(engine)),
    hosts: engine.platform.hosts?.() ?? [],
  };
  const why = (error: unknown): string => {
    report(error);
    return `not asked: ${toKnownError(error).message}`;
  };
  const found = await findStores(engine, watchedStores(engine, served), why);
  const specs = impliedChecks(
    { services, stores: found.stores, infrastructure },
    { environment, routes, resolve: (text) => found.addresses[text] ?? text },
  );
  for (const [name, check] of Object.entries(manifest.checks)) {
    const text = strings(check).join(" ");
    const waiting = [...text.matchAll(PLACEHOLDER)].some(
      ([, kind, service = ""]) => kind === "service" && !Object.hasOwn(served, service),
    );
    if (waiting) continue;
    try {
      specs.push(...namedCheck(name, check, await sources(text, `checks.${name}`)));
    } catch (error) {
      specs.push(brokenCheck(name, check, { environment, routes, why: why(error) }));
    }
  }
  return specs;
}

function watched({ kind, health }: ReleasedService, critical = true): Watched {
  return { kind, critical, health: (health as Watched["health"] | null) ?? undefined };
}

/** Each host is asked by itself: what answers under the address that users call may be another one. */
async function watchedHosts(engine: Engine, service: string, released: ReleasedService): Promise<WatchedHost[]> {
  const { platform, manifest, environment } = engine;
  const target = { app: manifest.project, environment, service };
  const places = released.kind === "worker" ? undefined : await platform.traffic.places?.(target, released);
  return places?.hosts ?? (platform.hosts?.() ?? []).map((host) => ({ host }));
}

async function addresses(
  engine: Engine,
  served: Record<string, ReleasedService>,
): Promise<Record<string, string | null>> {
  const entries = Object.entries(served).map(async ([name, { kind }]) => {
    const url = kind === "worker" ? undefined : await engine.serviceUrl(name);
    return [name, url ?? null] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

type FoundStores = Parameters<typeof impliedChecks>[0]["stores"];

/** Each by itself: one whose address cannot be had keeps none of the others from being watched. */
async function findStores(
  engine: Engine,
  used: Manifest["stores"],
  why: (error: unknown) => string,
): Promise<{ stores: FoundStores; addresses: Record<string, string> }> {
  const addresses: Record<string, string> = {};
  const find = async ([name, { kind }]: [string, { kind: "postgres" | "redis" }]) => {
    const placeholder = `\${store:${name}}`;
    try {
      addresses[placeholder] = await engine.resolve(placeholder, `stores.${name}`);
      return [name, { kind }] as const;
    } catch (error) {
      return [name, { kind, broken: why(error) }] as const;
    }
  };
  return { stores: Object.fromEntries(await Promise.all(Object.entries(used).map(find))), addresses };
}

/**
 * Those that what runs uses, and those that exist whatever runs: they have a `url`, and no service is to use them. A preview has only
 * the former, since it has databases of its own.
 */
function watchedStores({ manifest, environment }: Engine, served: Record<string, ReleasedService>): Manifest["stores"] {
  const services = Object.fromEntries(
    Object.entries(served).map(([name, { env }]) => [
      name,
      { env, depends_on: manifest.services[name]?.depends_on ?? [] },
    ]),
  );
  const used = new Set(Object.keys(services).flatMap((name) => dependenciesOf({ services }, name)));
  const wanted = new Set(Object.keys(manifest.services).flatMap((name) => dependenciesOf(manifest, name)));
  const standsAlone = (name: string, url: string | undefined) =>
    url !== undefined && !wanted.has(name) && !isPreviewName(environment);
  return Object.fromEntries(
    Object.entries(manifest.stores).filter(([name, { url }]) => used.has(name) || standsAlone(name, url)),
  );
}
