import type { Document, Path, Place } from "../formats/document.ts";
import { joinPath } from "../formats/tree.ts";
import {
  type Claim,
  type Evidence,
  type FactName,
  type FactValues,
  type KeyedFacts,
  type KeyedName,
  lineHash,
  type NearMiss,
  type Source,
} from "./fact.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Unit } from "./units.ts";

/** A pure rule about one unit: what it reads, and what it says of it. */
export interface Collector {
  id: string;
  /** Names or endings of the files it looks at, for people. */
  reads: readonly string[];
  collect(view: View): void;
}

export interface ClaimOptions {
  source: Source;
  confidence?: number;
  /** Where the value was seen. */
  at: Evidence | Evidence[];
}

/** What a collector sees, and how it says what it found. */
export interface View {
  snapshot: Snapshot;
  unit: Unit;
  units: readonly Unit[];
  /** Files of the unit that belong to no unit below it; paths from the root. */
  files: readonly string[];
  /** Those of them that are code of the application: no tests, examples, documents, configuration of tools. */
  sources: readonly string[];
  /** A path of the unit as one from the root; undefined where it leaves it. */
  path(relative: string): string | undefined;
  /** Evidence at a line of a file. `rule` is told without the collector's id. */
  seen(file: string, place: Place | number | undefined, rule: string): Evidence;
  /** Evidence at a key of a document. */
  seenAt(file: string, document: Document, path: Path, rule: string): Evidence;
  claim<N extends FactName>(fact: N, value: FactValues[N], options: ClaimOptions): void;
  claimEach<N extends KeyedName>(fact: N, key: string, value: KeyedFacts[N], options: ClaimOptions): void;
  /** A rule that almost held: shown by `scan --why`. */
  miss(fact: FactName | KeyedName, message: string, at: Evidence | Evidence[]): void;
}

/** The view of one unit for one collector; what it says is added to `claims` and `misses`. */
export function makeView(
  { id }: Pick<Collector, "id">,
  site: Pick<View, "snapshot" | "unit" | "units" | "files" | "sources">,
  out: { claims: Claim[]; misses: NearMiss[] },
): View {
  const { snapshot, unit } = site;
  const seen = (file: string, place: Place | number | undefined, rule: string): Evidence => {
    const { line, column: col } =
      typeof place === "number" ? { line: place, column: 1 } : (place ?? { line: 1, column: 1 });
    return { file, line, col, rule: `${id}.${rule}`, hash: lineHash(lineOf(snapshot.text(file), line)) };
  };
  const push = (
    fact: Claim["fact"],
    key: string | undefined,
    value: unknown,
    { source, confidence, at }: ClaimOptions,
  ) =>
    out.claims.push({
      fact,
      value,
      source,
      evidence: [at].flat(),
      ...(key === undefined ? {} : { key }),
      ...(confidence === undefined ? {} : { confidence }),
    });
  return {
    ...site,
    path: (relative) => joinPath(unit.path, relative),
    seen,
    seenAt: (file, document, path, rule) => seen(file, document.place(path), rule),
    claim: (fact, value, options) => void push(fact, undefined, value, options),
    claimEach: (fact, key, value, options) => void push(fact, key, value, options),
    miss: (fact, message, at) => void out.misses.push({ fact, unit: unit.id, message, evidence: [at].flat() }),
  };
}

function lineOf(text: string | undefined, line: number): string {
  if (text === undefined) return "";
  let start = 0;
  for (let at = 1; at < line; at += 1) {
    const end = text.indexOf("\n", start);
    if (end === -1) return "";
    start = end + 1;
  }
  const end = text.indexOf("\n", start);
  return text.slice(start, end === -1 ? undefined : end);
}
