import { stringAt } from "../formats/document.ts";
import { joinPath } from "../formats/tree.ts";
import type { View } from "./collector.ts";
import type { Evidence } from "./fact.ts";
import { MANAGERS } from "./tables/javascript-managers.ts";

/**
 * How the pages' assets of a backend are built, where a package.json beside its manifest has one of these scripts: dependencies first,
 * since only this step needs them.
 */
export function assetBuild(view: View, scripts: readonly string[]): { command: string; at: Evidence } | undefined {
  const file = view.path("package.json");
  if (file === undefined || !view.snapshot.has(file)) return undefined;
  const document = view.snapshot.json(file);
  const script = scripts.find((name) => stringAt(document.value, ["scripts", name]) !== undefined);
  if (script === undefined) return undefined;
  const has = (lock: string) => view.snapshot.has(joinPath(view.unit.path, lock) as string);
  const locked = MANAGERS.find(({ lockfiles }) => lockfiles.some(has));
  const command = locked ? `${locked.frozen} && ${locked.run}` : "npm install && npm run";
  return {
    command: `${command} ${script}`,
    at: view.seenAt(file, document, ["scripts", script], "assets"),
  };
}
