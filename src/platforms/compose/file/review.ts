import type { Mistake } from "../../../config/problem.ts";
import { ATTACHMENT, BUILD, DEPLOY, FEATURES, type Feature, HEALTHCHECK, SETTINGS } from "./features.ts";
import { child, type MapTree, type Tree, toData } from "./tree.ts";

type At = readonly PropertyKey[];

/**
 * Takes out of a service what is not for us: extensions (`x-…`), keys that are ignored (each with a note) and keys that are
 * refused (each a mistake with what to do instead). What stays is for the schema.
 */
export function review(
  service: MapTree,
  at: At,
  { mistakes, note }: { mistakes: Mistake[]; note(at: At, text: string): void },
): MapTree {
  const through = (tree: Tree | undefined, place: At, features: Record<string, Feature>): Tree | undefined => {
    if (tree?.kind !== "map") return tree;
    const kept = new Map<string, Tree>();
    for (const [key, value] of tree.entries) {
      if (key.startsWith("x-") || key === "extends") continue;
      const feature = Object.hasOwn(features, key) ? (features[key] ?? "used") : "used";
      const here = [...place, key];
      const next = typeof feature === "object" && "refuses" in feature ? feature.refuses(toData(value)) : undefined;
      if (typeof feature === "object" && "ignored" in feature)
        note(here, `${here.join(".")} is ignored: ${feature.ignored}`);
      else if (next) {
        const message = `${here.join(".")}: Stationmaster cannot run a service with this`;
        mistakes.push({ code: "SM-COMPOSE-FEATURE", at: here, message, next });
      } else kept.set(key, value);
    }
    return { ...tree, entries: kept };
  };
  const kept = through(service, at, { ...FEATURES, ...SETTINGS }) as MapTree;
  const replace = (key: string, change: (tree: Tree) => Tree | undefined) => {
    const found = kept.entries.get(key);
    const changed = found && change(found);
    if (changed) kept.entries.set(key, changed);
  };
  replace("build", (tree) => through(tree, [...at, "build"], BUILD));
  replace("deploy", (tree) => through(tree, [...at, "deploy"], DEPLOY));
  replace("healthcheck", (tree) => through(tree, [...at, "healthcheck"], HEALTHCHECK));
  replace("networks", (tree) => {
    if (tree.kind !== "map") return tree;
    const entries = [...tree.entries.keys()].map(
      (name) => [name, through(child(tree, name), [...at, "networks", name], ATTACHMENT)] as const,
    );
    return { ...tree, entries: new Map(entries.flatMap(([name, value]) => (value ? [[name, value]] : []))) };
  });
  return kept;
}
