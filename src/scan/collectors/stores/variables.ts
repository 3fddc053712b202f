import type { View } from "../../collector.ts";
import { sitesOf } from "../../declared/reach.ts";
import { holdsAddress, holdsAnyAddress, isAsideAddress, RELATIONAL } from "../../tables/stores.ts";
import { readsOfCode } from "../environment/code.ts";
import { listedIn } from "../environment/samples.ts";
import { readsOfSettings } from "../environment/settings-files.ts";
import type { Store } from "./decide.ts";

/** A variable's name and the file that reads it. */
interface Named {
  name: string;
  file: string;
}

/** Names that code, settings and env files of a unit know, those of code first. */
export function namesOf(view: View): Named[] {
  const { snapshot } = view;
  const reads = sitesOf(view).flatMap((site) => [...readsOfCode(snapshot, site), ...readsOfSettings(snapshot, site)]);
  return [...reads, ...listedIn(snapshot, view.files, view.unit.path)].map(({ name, file }) => ({ name, file }));
}

/** The variable with the address of a store: what its settings name, what is called after it, or the one address where it is used. */
export function variableOf({ kind, signals }: Store, names: readonly Named[], stores: readonly Store[]): string | null {
  const named = signals.map(({ variable }) => variable).find((one) => one !== undefined && !isAsideAddress(one));
  if (named !== undefined) return named;
  const own = best(names.filter(({ name }) => holdsAddress(name, kind)));
  if (own !== undefined) return own;
  const isDatabase = (one: string) => RELATIONAL.has(one) || one === "mongodb";
  if (!isDatabase(kind)) return null;
  const generic = names.filter(({ name }) => holdsAnyAddress(name));
  const isOnly = stores.filter((one) => isDatabase(one.kind)).length === 1;
  const files = new Set(signals.filter(({ role }) => role !== "dependency").map(({ file }) => file));
  return best(isOnly ? generic : generic.filter(({ file }) => files.has(file))) ?? null;
}

/** The plainest name of several: the shortest, none of tests. */
function best(names: readonly Named[]): string | undefined {
  return names
    .map(({ name }) => name)
    .filter((name) => !isAsideAddress(name))
    .sort((a, b) => a.length - b.length)[0];
}
