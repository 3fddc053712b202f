import { makeView } from "../../collector.ts";
import type { Claim, NearMiss } from "../../fact.ts";
import { memoryFiles } from "../../files.ts";
import { resolve } from "../../resolve.ts";
import { takeSnapshot } from "../../snapshot.ts";
import { findUnits } from "../../units.ts";
import { platformCollectors } from "./index.ts";

/** What the configurations of a repository say of one unit. */
export interface ToldUnit {
  /** Values that win, by name of the fact, `process.worker` for those with keys. */
  facts: Record<string, unknown>;
  claims: Claim[];
  misses: NearMiss[];
  /** `file:line` of what shows a fact. */
  at(fact: string): string | undefined;
}

/** Runs the collectors of platforms alone over files in memory. */
export function toldBy(files: Readonly<Record<string, string>>): Record<string, ToldUnit> {
  const snapshot = takeSnapshot(memoryFiles(files));
  const units = findUnits(snapshot);
  return Object.fromEntries(
    units.map((unit): [string, ToldUnit] => {
      const claims: Claim[] = [];
      const misses: NearMiss[] = [];
      for (const collector of platformCollectors)
        collector.collect(makeView(collector, { snapshot, unit, units, files: [], sources: [] }, { claims, misses }));
      const groups = Map.groupBy(claims, ({ fact, key }) => (key === undefined ? fact : `${fact}.${key}`));
      const won = [...groups].flatMap(([id, same]) => resolve(id, same)?.fact ?? []);
      const facts = Object.fromEntries(won.map(({ id, value }) => [id, value]));
      const at = (fact: string) => {
        const [place] = won.find(({ id }) => id === fact)?.evidence ?? [];
        return place && `${place.file}:${place.line}`;
      };
      return [unit.id, { facts, claims, misses, at }];
    }),
  );
}

/** A case: files, the unit that is asked about, and what is said of it; `undefined` for what must not be said. */
export type Row = [name: string, files: Record<string, string>, unit: string, expected: Record<string, unknown>];

export const json = (value: unknown): string => JSON.stringify(value, null, 2);
/** A program at the root, one in a folder, and pages in another. */
export const APP = {
  "package.json": json({ scripts: { start: "node index.js", build: "vite build" } }),
  "index.js": "",
};
export const API = { "api/requirements.txt": "flask\n", "api/app.py": "" };
export const WEB = { "web/package.json": json({ scripts: { build: "vite build" } }) };

/** Of what was said, that which was expected. */
export function picked(told: ToldUnit | undefined, expected: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(expected).map((name) => [name, told?.facts[name]]));
}
