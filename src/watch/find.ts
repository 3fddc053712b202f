import { nearest } from "../config/spelling.ts";
import { idsMeant, shortName } from "./check-id.ts";
import { unknownCheck } from "./problems.ts";

/** A check by its id, with or without the environment, or by its name: of the manifest, of a store, of a part of the infrastructure. Throws `SM-CHECK-UNKNOWN`. */
export function findCheck<C extends { id: string }>(checks: readonly C[], name: string, environment: string): C {
  for (const wanted of idsMeant(name, environment)) {
    const found = checks.find(({ id }) => id === wanted);
    if (found) return found;
  }
  const names = checks.map(({ id }) => shortName(id, environment));
  throw unknownCheck(name, nearest(name, names));
}
