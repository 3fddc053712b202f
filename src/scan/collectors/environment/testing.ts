import { isApplicationCode } from "../../application-code.ts";
import { type Collector, makeView } from "../../collector.ts";
import { ASSUMED, type Claim, type EnvironmentVariable, type NearMiss } from "../../fact.ts";
import { memoryFiles } from "../../files.ts";
import { ownFiles } from "../../own-files.ts";
import { takeSnapshot } from "../../snapshot.ts";
import { findUnits } from "../../units.ts";
import { environmentCollector } from "./index.ts";

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

/** Code of one file and what it reads: `NAME`, `NAME?` where it is optional, `=default`, `@build`, `:line`. */
export interface ReadCase {
  title: string;
  file: string;
  code: string;
  expected: string[];
}

/** The variables of a case that are sure enough to be used, as `expected` writes them. */
export function variablesRead({ file, code }: Pick<ReadCase, "file" | "code">): string[] {
  return collectOnly(environmentCollector, { "package.json": "{}", [file]: code })
    .claims.filter(({ confidence = 1 }) => confidence >= ASSUMED)
    .map(({ value, evidence: [first] }) => {
      const { name, required, default: given, phase } = value as EnvironmentVariable;
      const ending = `${given === null ? "" : `=${given}`}${phase === "build" ? "@build" : ""}`;
      return `${name}${required ? "" : "?"}${ending}:${first?.line}`;
    })
    .sort();
}
