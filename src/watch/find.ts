import { nearest } from "../config/spelling.ts";
import { unknownCheck } from "./problems.ts";

/** Before the names that people use; those of the manifest come first. */
const KINDS = ["check/", "store/", "infrastructure/"];

/** A check by its id, with or without the environment, or by its name: of the manifest, of a store, of a part of the infrastructure. Throws `SM-CHECK-UNKNOWN`. */
export function findCheck<C extends { id: string }>(checks: readonly C[], name: string, environment: string): C {
  const ids = [name, ...["", ...KINDS].map((kind) => `${environment}/${kind}${name}`)];
  for (const wanted of ids) {
    const found = checks.find(({ id }) => id === wanted);
    if (found) return found;
  }
  const names = checks.map(({ id }) => shortName(id, environment));
  throw unknownCheck(name, nearest(name, names));
}

function shortName(id: string, environment: string): string {
  const rest = id.startsWith(`${environment}/`) ? id.slice(environment.length + 1) : id;
  return rest.slice(KINDS.find((kind) => rest.startsWith(kind))?.length ?? 0);
}
