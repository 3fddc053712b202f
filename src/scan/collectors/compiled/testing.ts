import { memoryFiles } from "../../files.ts";
import { scan, scanUnits } from "../../scan.ts";
import { takeSnapshot } from "../../snapshot.ts";

/** A repository for tests: its files by path. */
export type Repository = Readonly<Record<string, string>>;

/** Values of facts of a unit as sure as they are; null for those that nobody claims. */
export function factsIn(files: Repository, names: readonly string[], unit = "."): Record<string, unknown> {
  const found = scanUnits(takeSnapshot(memoryFiles(files, "shop"))).units.find((each) => each.unit.id === unit);
  return Object.fromEntries(names.map((name) => [name, found?.facts.get(name)?.value ?? null]));
}

/** The services as `scan` tells them, by name. */
export function servicesIn(files: Repository) {
  return Object.fromEntries(scan(memoryFiles(files, "shop")).services.map((service) => [service.name, service]));
}
