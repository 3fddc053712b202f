import { isApplicationCode } from "../../application-code.ts";
import { type Collector, makeView } from "../../collector.ts";
import type { Claim, NearMiss } from "../../fact.ts";
import { memoryFiles } from "../../files.ts";
import { ownFiles } from "../../own-files.ts";
import { takeSnapshot } from "../../snapshot.ts";
import { findUnits } from "../../units.ts";

/** What one collector says of one unit of files in memory. */
export function collectOnly(
  collector: Collector,
  files: Readonly<Record<string, string>>,
  id = ".",
): { claims: Claim[]; misses: NearMiss[] } {
  const snapshot = takeSnapshot(memoryFiles(files));
  const units = findUnits(snapshot);
  const unit = units.find((one) => one.id === id) ?? { id, path: id, program: null, markers: [] };
  const own = ownFiles(snapshot, new Set([...units.map(({ path }) => path), unit.path])).get(unit.path) ?? [];
  const sources = own.filter((path) => isApplicationCode(path, unit.path));
  const out = { claims: [] as Claim[], misses: [] as NearMiss[] };
  collector.collect(makeView(collector, { snapshot, unit, units, files: own, sources }, out));
  return out;
}
