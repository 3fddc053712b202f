import type { Collector } from "../../collector.ts";
import { makeView } from "../../collector.ts";
import type { Claim, Fact, NearMiss } from "../../fact.ts";
import { memoryFiles } from "../../files.ts";
import { ownFiles } from "../../own-files.ts";
import { isApplicationCode } from "../../application-code.ts";
import { type Conflict, resolve } from "../../resolve.ts";
import { takeSnapshot } from "../../snapshot.ts";
import { findUnits } from "../../units.ts";
import { denoCollector } from "../deno/index.ts";
import { javascriptCollector } from "./index.ts";

/** Files of a small repository; what is no text is written as JSON. */
export type Repository = Record<string, unknown>;

export interface FoundUnit {
  facts: Map<string, Fact>;
  conflicts: Conflict[];
  misses: NearMiss[];
  /** The values that are sure enough to be used, by name; of facts with keys the last part names the key. */
  values: Record<string, unknown>;
}

const COLLECTORS: readonly Collector[] = [javascriptCollector, denoCollector];

/** What the collectors of JavaScript and Deno alone say of each unit, by its folder. */
export function found(repository: Repository): Record<string, FoundUnit> {
  const texts = Object.entries(repository).map(([path, body]) => [path, body instanceof Uint8Array || typeof body === "string" ? body : JSON.stringify(body, null, 2)] as const);
  const snapshot = takeSnapshot(memoryFiles(Object.fromEntries(texts)));
  const units = findUnits(snapshot);
  const files = ownFiles(snapshot, new Set(units.map(({ path }) => path)));
  return Object.fromEntries(
    units.map((unit): [string, FoundUnit] => {
      const claims: Claim[] = [];
      const misses: NearMiss[] = [];
      const own = files.get(unit.path) ?? [];
      const site = { snapshot, unit, units, files: own, sources: own.filter((path) => isApplicationCode(path, unit.path)) };
      for (const collector of COLLECTORS) collector.collect(makeView(collector, site, { claims, misses }));
      const groups = Map.groupBy(claims, ({ fact, key }) => (key === undefined ? fact : `${fact}.${key}`));
      const told = [...groups].flatMap(([id, same]) => resolve(id, same) ?? []);
      const facts = new Map(told.map(({ fact }) => [fact.id, fact]));
      const used = [...facts].filter(([, { confidence }]) => confidence >= 0.5);
      return [
        unit.id,
        {
          facts,
          misses,
          conflicts: told.flatMap(({ conflict }) => conflict ?? []),
          values: Object.fromEntries(used.map(([id, { value }]) => [id, value])),
        },
      ];
    }),
  );
}

/** A manifest with scripts and packages of production. */
export function pack(scripts: Record<string, string>, dependencies: string[] = [], more: Record<string, unknown> = {}): Record<string, unknown> {
  return { name: "app", scripts, dependencies: versions(dependencies), ...more };
}

/** Packages as a manifest lists them; `name@range` where the version matters. */
export function versions(packages: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    packages.map((item) => {
      const at = item.lastIndexOf("@");
      return at > 0 ? [item.slice(0, at), item.slice(at + 1)] : [item, "^1.0.0"];
    }),
  );
}

/** The same for packages of development. */
export function dev(...packages: string[]): Record<string, unknown> {
  return { devDependencies: versions(packages) };
}
