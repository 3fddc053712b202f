import type { ScanFact, ScannedService, ScanReport } from "../contract/scan.ts";
import { almostServices } from "./almost.ts";
import type { Fact } from "./fact.ts";
import type { Findings } from "./findings.ts";
import { findGaps } from "./gaps.ts";
import { ownFiles } from "./own-files.ts";
import { findPlatforms } from "./platforms.ts";
import { sourcesOf } from "./programs.ts";
import { factValue, factValues, type Service, servicesOf } from "./services.ts";
import type { Snapshot } from "./snapshot.ts";
import { contradictionOf } from "./spec/contradictions.ts";
import { wantFacts } from "./spec/facts.ts";
import { requirementsOf } from "./spec/requirements.ts";
import { usedRegions } from "./spec/used-regions.ts";

/** The findings as `scan --json` tells them; facts are named `<service>.<fact>`. */
export function reportOf(findings: Findings): ScanReport {
  const { snapshot, misses } = findings;
  const { services, misses: asides } = servicesOf(findings);
  const platforms = findPlatforms(snapshot);
  const units = new Set(findings.units.map(({ unit }) => unit.path));
  const files = ownFiles(snapshot, units);
  const sources = ({ unit }: Service) => sourcesOf(snapshot, unit, { files: files.get(unit.path) ?? [], units });
  const { requirements, notUnderstood } = requirementsOf(snapshot);
  const regions = requirements.some(({ id }) => id === "want.regions") ? usedRegions(snapshot) : [];
  return {
    root: snapshot.root,
    services: services.map(serviceRow),
    platforms,
    conflicts: services.flatMap(({ name, conflicts }) =>
      conflicts.map(({ fact, values }) => ({ fact: `${name}.${fact}`, values })),
    ),
    gaps: services.flatMap((service) => findGaps(service, snapshot, sources(service))),
    facts: Object.fromEntries([
      ...services.flatMap(({ name, facts }) =>
        [...facts].map(([id, fact]) => [`${name}.${id}`, factRow(fact, snapshot)] as const),
      ),
      ...wantFacts(requirements, snapshot).map(([id, fact]) => [id, factRow(fact, snapshot)] as const),
    ]),
    nearMisses: [...asides, ...(services.length === 0 ? almostServices(findings) : []), ...misses],
    requirements: requirements.map((one) => {
      const contradicts = contradictionOf(one, { services, platforms, regions });
      return contradicts ? { ...one, contradicts } : one;
    }),
    notUnderstood,
    warnings: [...snapshot.warnings],
  };
}

function serviceRow(service: Service): ScannedService {
  const get = <N extends Parameters<typeof factValue>[1]>(name: N) => factValue(service, name) ?? null;
  const values = <N extends Parameters<typeof factValues>[1]>(name: N) =>
    factValues(service, name).map(({ value }) => value);
  return {
    name: service.name,
    path: service.unit.path,
    kind: get("kind"),
    languages: languagesOf(service),
    runtime: get("runtime"),
    packageManager: get("packageManager"),
    framework: get("framework"),
    install: get("install"),
    build: get("build"),
    test: get("test"),
    start: get("start"),
    output: get("output"),
    port: get("port"),
    health: get("health"),
    processes: values("process"),
    crons: values("cron"),
    env: values("env"),
    stores: factValues(service, "store").map(({ value, fact }) => ({ ...value, evidence: fact.evidence })),
    migrations: get("migrations"),
    workspace: get("workspace"),
    internal: values("internal").map(({ path }) => path),
  };
}

/** The main language of the manifest first, then what the bytes say. */
function languagesOf(service: Service): string[] {
  const main = factValue(service, "language");
  const all = factValue(service, "languages") ?? [];
  return main === undefined ? all : [main, ...all.filter((language) => language !== main)];
}

function factRow({ value, confidence, source, evidence, alternatives }: Fact, snapshot: Snapshot): ScanFact {
  const isPart = snapshot.truncated || evidence.some(({ file }) => snapshot.isCut(file));
  return { value, confidence, source, evidence, alternatives, ...(isPart ? { truncated: true } : {}) };
}
