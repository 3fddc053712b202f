import type { ScanReport } from "../contract/scan.ts";
import { type Collector, makeView, type View } from "./collector.ts";
import { manifestCollector } from "./collectors/manifest/index.ts";
import type { Claim, Fact, NearMiss } from "./fact.ts";
import type { Files } from "./files.ts";
import type { Findings, UnitFacts } from "./findings.ts";
import { ownFiles } from "./own-files.ts";
import { sourcesOf } from "./programs.ts";
import { COLLECTORS } from "./registry.ts";
import { reportOf } from "./report.ts";
import { type Conflict, resolve } from "./resolve.ts";
import { type Snapshot, takeSnapshot } from "./snapshot.ts";
import { findUnits } from "./units.ts";

/** Looks at a repository: facts with evidence. Nothing of it is run, nothing is written, and nothing throws but an unreadable root. */
export function scan(files: Files): ScanReport {
  return reportOf(scanUnits(takeSnapshot(files), { answers: true }));
}

/**
 * The same before it is told. `answers` are those of the manifest, which go before what the repository shows; who plans with
 * the facts weighs the manifest against them.
 */
export function scanUnits(snapshot: Snapshot, { answers = false }: { answers?: boolean } = {}): Findings {
  const collectors = answers ? [manifestCollector, ...COLLECTORS] : COLLECTORS;
  const units = findUnits(snapshot);
  const misses: NearMiss[] = [];
  const folders = new Set(units.map(({ path }) => path));
  const files = ownFiles(snapshot, folders);
  return {
    snapshot,
    misses,
    units: units.map((unit) => {
      const own = files.get(unit.path) ?? [];
      const sources = sourcesOf(snapshot, unit, { files: own, units: folders });
      return factsOf({ snapshot, unit, units, files: own, sources }, { collectors, misses });
    }),
  };
}

function factsOf(
  site: Pick<View, "snapshot" | "unit" | "units" | "files" | "sources">,
  { collectors, misses }: { collectors: readonly Collector[]; misses: NearMiss[] },
): UnitFacts {
  const claims: Claim[] = [];
  for (const collector of collectors) collector.collect(makeView(collector, site, { claims, misses }));
  const facts = new Map<string, Fact>();
  const conflicts: Conflict[] = [];
  for (const [id, same] of Map.groupBy(claims, ({ fact, key }) => (key === undefined ? fact : `${fact}.${key}`))) {
    const resolved = resolve(id, same);
    if (resolved) facts.set(id, resolved.fact);
    // A service may be called what one likes: another name contradicts nothing.
    const isLabel = id === "name" && resolved?.fact.source === "answer";
    if (resolved?.conflict && !isLabel) conflicts.push(resolved.conflict);
  }
  return { unit: site.unit, facts, conflicts };
}
