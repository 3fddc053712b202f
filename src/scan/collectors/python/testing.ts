import type { Collector } from "../../collector.ts";
import { ASSUMED, type Fact } from "../../fact.ts";
import { resolve } from "../../resolve.ts";
import { collectOnly } from "../environment/testing.ts";

/** What one collector says of a unit, weighed, by the names of facts. */
export function factsBy(collector: Collector, files: Readonly<Record<string, string>>, unit = "."): Map<string, Fact> {
  const { claims } = collectOnly(collector, files, unit);
  const groups = Map.groupBy(claims, ({ fact, key }) => (key === undefined ? fact : `${fact}.${key}`));
  return new Map(
    [...groups].flatMap(([id, same]): [string, Fact][] => {
      const found = resolve(id, same);
      return found ? [[id, found.fact]] : [];
    }),
  );
}

/** The values that are sure enough to be used. */
export function valuesBy(
  collector: Collector,
  files: Readonly<Record<string, string>>,
  unit = ".",
): Record<string, unknown> {
  const sure = [...factsBy(collector, files, unit)].filter(([, { confidence }]) => confidence >= ASSUMED);
  return Object.fromEntries(sure.map(([id, { value }]) => [id, value]));
}

/** Lines of a file. */
export function lines(...all: string[]): string {
  return `${all.join("\n")}\n`;
}
