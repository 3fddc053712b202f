import { publicNames } from "../../audit/domains/names.ts";
import { askDomainEnd, type RdapServers, readServers } from "../../audit/domains/rdap.ts";
import { stepRequest } from "../../config/checks.ts";
import type { AuditReport } from "../../contract/report.ts";
import { toKnownError } from "../../core/errors.ts";
import { knownDomainEnds, putDomainEnd, removeDomainEnds } from "../../store/domains.ts";
import type { CheckSpec } from "../../watch/types.ts";
import { currentChecks } from "../checks.ts";
import type { Engine } from "../engine.ts";

/** Registries count requests, and a registration changes once a year. */
const KEPT_MS = 24 * 3_600_000;
const DEADLINE_MS = 20_000;

type Domains = NonNullable<AuditReport["domains"]>;
type Asked = Parameters<typeof putDomainEnd>[1];

/** When the public domains end that checks and routes name; of a name its registry is asked once a day. */
export async function lookAtDomains(engine: Engine): Promise<Pick<AuditReport, "unmeasured"> & { domains: Domains }> {
  const { store, clock, manifest } = engine;
  const { rdap } = manifest.reports;
  const names = publicNames(await watchedHosts(engine));
  if (rdap === false)
    return { domains: [], unmeasured: names.map((name) => unmeasured(name, "reports.rdap is false")) };
  const since = new Date(clock.now() - KEPT_MS);
  await removeDomainEnds(store.db, since);
  const known = await knownDomainEnds(store.db, names, since);
  const open = names.filter((name) => !known.has(name));
  const { found, failed } = await askAll(engine, rdap, open);
  return {
    domains: grouped([...known.values(), ...found]),
    unmeasured: [...failed, ...unsaid([...known.values(), ...found])],
  };
}

async function askAll({ store, clock }: Engine, list: string, names: readonly string[]) {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const found: Asked[] = [];
  const failed: AuditReport["unmeasured"] = [];
  let servers: RdapServers | undefined;
  for (const name of names) {
    try {
      servers ??= await readServers(list, signal);
      const end = await askDomainEnd(servers, name, signal);
      if (!end) {
        failed.push(unmeasured(name, "its registry has no RDAP server"));
        continue;
      }
      const endsAt = end.endsAt === null ? null : new Date(end.endsAt);
      const row = { name, domain: end.domain, endsAt, askedAt: new Date(clock.now()) };
      await putDomainEnd(store.db, row);
      found.push(row);
    } catch (error) {
      const { message } = toKnownError(error);
      // Without the list there is nobody to ask about the others either.
      if (!servers) return { found, failed: names.map((each) => unmeasured(each, message)) };
      failed.push(unmeasured(name, message));
    }
  }
  return { found, failed };
}

function grouped(rows: readonly Asked[]): Domains {
  const domains = new Map<string, Domains[number]>();
  for (const { name, domain, endsAt } of rows) {
    if (domain === null) continue;
    const before = domains.get(domain);
    domains.set(domain, { domain, names: [...(before?.names ?? []), name], endsAt: endsAt?.toISOString() ?? null });
  }
  return [...domains.values()].sort((a, b) => (a.endsAt ?? "").localeCompare(b.endsAt ?? ""));
}

function unsaid(rows: readonly Asked[]): AuditReport["unmeasured"] {
  return rows.flatMap(({ name, domain, endsAt }) => {
    if (domain === null) return [unmeasured(name, "its registry knows no part of it")];
    return endsAt === null ? [unmeasured(domain, "its registry does not say")] : [];
  });
}

function unmeasured(name: string, why: string): AuditReport["unmeasured"][number] {
  return { what: `end of the domain ${name}`, why };
}

/** Host names of what is asked, and of the routes. */
async function watchedHosts(engine: Engine): Promise<string[]> {
  const { manifest, environment } = engine;
  const settings = manifest.environments[environment];
  const routes = settings?.platform === "compose" ? Object.values(settings.routes) : [];
  const specs = await currentChecks(engine, () => {});
  return [...routes.flatMap(({ domain = "" }) => domain), ...specs.flatMap(({ options }) => hostsOf(options))];
}

function hostsOf({ url, browser, tcp, tls, dns, ping, steps = [] }: CheckSpec["options"]): string[] {
  const urls = [url, browser, ...steps.map((step) => stepRequest(step).url)];
  const places = [tcp, typeof tls === "string" ? tls : undefined].map((place) => place && `tcp://${place}`);
  const hosts = [...urls, ...places].map((address) => URL.parse(address ?? "")?.hostname);
  return [...hosts, dns, ping].filter((host) => host !== undefined);
}
