import { ASSUMED, type Fact, type NearMiss } from "../../fact.ts";
import { type Conflict, resolve } from "../../resolve.ts";
import { denoCollector } from "../deno/index.ts";
import { collectOnly } from "../environment/testing.ts";
import { javascriptCollector } from "./index.ts";

/** Files of a small repository; what is no text is written as JSON. */
export type Repository = Record<string, unknown>;

export interface Told {
  facts: ReadonlyMap<string, Fact>;
  conflicts: Conflict[];
  misses: NearMiss[];
  /** The values that are sure enough to be used; of facts with keys as `internal.packages/ui`. */
  values: Record<string, unknown>;
  /** `file:line` of the first place that shows a fact. */
  at(fact: string): string | undefined;
}

/** What the collectors of JavaScript and Deno alone say of a unit. */
export function told(repository: Repository, unit = "."): Told {
  const files = Object.fromEntries(
    Object.entries(repository).map(([path, body]) => [
      path,
      typeof body === "string" ? body : JSON.stringify(body, null, 2),
    ]),
  );
  const runs = [javascriptCollector, denoCollector].map((collector) => collectOnly(collector, files, unit));
  const claims = runs.flatMap((run) => run.claims);
  const groups = Map.groupBy(claims, ({ fact, key }) => (key === undefined ? fact : `${fact}.${key}`));
  const weighed = [...groups].flatMap(([id, same]) => resolve(id, same) ?? []);
  const facts = new Map(weighed.map(({ fact }) => [fact.id, fact]));
  const sure = [...facts].filter(([, { confidence }]) => confidence >= ASSUMED);
  return {
    facts,
    conflicts: weighed.flatMap(({ conflict }) => conflict ?? []),
    misses: runs.flatMap((run) => run.misses),
    values: Object.fromEntries(sure.map(([id, { value }]) => [id, value])),
    at(fact) {
      const [place] = facts.get(fact)?.evidence ?? [];
      return place && `${place.file}:${place.line}`;
    },
  };
}

/** A manifest with scripts and packages of production. */
export function pack(
  scripts: Record<string, string>,
  dependencies: readonly string[] = [],
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return { name: "app", scripts, dependencies: versions(dependencies), ...more };
}

/** Packages of development, to be spread into a manifest. */
export function dev(...packages: string[]): Record<string, unknown> {
  return { devDependencies: versions(packages) };
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

/** The values that are expected, among others. What is expected to be undefined must be absent. */
export function picked({ values }: Told, expected: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(expected).map((key) => [key, values[key]]));
}
