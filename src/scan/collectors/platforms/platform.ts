import type { Document, Path, Place } from "../../../formats/document.ts";
import type { Collector, View } from "../../collector.ts";
import type { FactName, FactValues, KeyedFacts, KeyedName, Source } from "../../fact.ts";
import type { Snapshot } from "../../snapshot.ts";
import type { Unit } from "../../units.ts";
import { unitsAt } from "./unit-at.ts";

/** A platform or tool whose configuration says how units are built, started and watched. */
export interface Platform {
  id: string;
  /** Names of its files, for people. */
  reads: readonly string[];
  /** Its configurations, nearest to the root first. */
  find(snapshot: Snapshot): readonly string[];
  /** States what its files say of the units that they speak about. */
  read(site: Site): void;
}

/** What a platform reads, and whom it may speak about. */
export interface Site {
  snapshot: Snapshot;
  units: readonly Unit[];
  /** What `find` found. */
  files: readonly string[];
  /**
   * The units in a folder, as a file speaks about them. Of several programs of the folder those that are named are meant, all where
   * none is. Nothing that lies aside (examples, tests) speaks about what lies elsewhere.
   */
  about(file: string, folder: string | undefined, names?: readonly string[]): About;
}

/** Where something was seen and what it is worth: by default `platform`, the rule named as the fact. */
export interface Seen {
  file: string;
  at: Place | number | undefined;
  rule?: string;
  source?: Source;
  confidence?: number;
}

/** Speaks about some units; with none of them what is said is lost. A value that is undefined is not said. */
export interface About {
  units: readonly Unit[];
  claim<N extends FactName>(fact: N, value: FactValues[N] | undefined, seen: Seen): void;
  claimEach<N extends KeyedName>(fact: N, key: string, value: KeyedFacts[N], seen: Seen): void;
  miss(fact: FactName | KeyedName, message: string, seen: Seen): void;
}

type Statement = (view: View) => void;

/** The collector of a platform: its files are read once for each snapshot, and each unit is told what concerns it. */
export function platformCollector(platform: Platform): Collector {
  const known = new WeakMap<Snapshot, Map<string, Statement[]>>();
  return {
    id: platform.id,
    reads: platform.reads,
    collect(view) {
      const { snapshot, units } = view;
      const statements = known.get(snapshot) ?? read(platform, snapshot, units);
      known.set(snapshot, statements);
      for (const state of statements.get(view.unit.id) ?? []) state(view);
    },
  };
}

/** Places of a document as what was seen in its file; what is merged in from elsewhere stands where its parent does. */
export function seenIn(file: string, document: Document): (...path: Path) => Seen {
  return (...path) => {
    let at = document.place(path);
    for (let length = path.length - 1; at === undefined && length > 0; length -= 1)
      at = document.place(path.slice(0, length));
    return { file, at };
  };
}

function read(platform: Platform, snapshot: Snapshot, units: readonly Unit[]): Map<string, Statement[]> {
  const statements = new Map<string, Statement[]>();
  const files = platform.find(snapshot);
  const about: Site["about"] = (file, folder, names = []) => {
    const found = folder === undefined ? [] : unitsAt(units, { file, folder, names });
    return aboutUnits(found, (unit, state) => {
      const list = statements.get(unit.id);
      if (list) list.push(state);
      else statements.set(unit.id, [state]);
    });
  };
  if (files.length > 0) platform.read({ snapshot, units, files, about });
  return statements;
}

function aboutUnits(units: readonly Unit[], push: (unit: Unit, state: Statement) => void): About {
  const say = (state: Statement) => {
    for (const unit of units) push(unit, state);
  };
  const options = (view: View, { file, at, rule, source = "platform", confidence }: Seen, fact: string) => ({
    source,
    at: view.seen(file, at, rule ?? fact),
    ...(confidence === undefined ? {} : { confidence }),
  });
  return {
    units,
    claim(fact, value, seen) {
      if (value !== undefined) say((view) => view.claim(fact, value, options(view, seen, fact)));
    },
    claimEach: (fact, key, value, seen) => say((view) => view.claimEach(fact, key, value, options(view, seen, fact))),
    miss: (fact, message, seen) => say((view) => view.miss(fact, message, options(view, seen, fact).at)),
  };
}
