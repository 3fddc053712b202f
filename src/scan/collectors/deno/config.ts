import { type Document, isRecord, recordAt, stringAt } from "../../../formats/document.ts";
import { joinPath } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import type { Evidence } from "../../fact.ts";

/** `deno.json` of a folder. */
export interface DenoConfig {
  file: string;
  document: Document;
  name: string | undefined;
  /** Command lines by name. */
  tasks: ReadonlyMap<string, string>;
  /** What names of imports stand for, with those of an import map beside it. */
  imports: readonly string[];
  at(path: readonly string[], rule: string): Evidence;
}

/** The configuration in the unit's folder; a broken one is there, and empty. */
export function denoConfig(view: View): DenoConfig | undefined {
  const { snapshot } = view;
  const file = ["deno.json", "deno.jsonc"]
    .map((base) => view.path(base))
    .find((path) => path !== undefined && snapshot.has(path));
  if (file === undefined) return undefined;
  const document = snapshot.json(file);
  const tasks = Object.entries(recordAt(document.value, ["tasks"])).flatMap(([name, task]): [string, string][] => {
    const line = typeof task === "string" ? task : stringAt(task, ["command"]);
    return line === undefined ? [] : [[name, line]];
  });
  const map = joinPath(view.unit.path, stringAt(document.value, ["importMap"]) ?? "import_map.json");
  const maps = [document.value, map === undefined ? undefined : snapshot.json(map).value];
  const imports = maps.flatMap((value) =>
    Object.entries(recordAt(value, ["imports"])).flatMap(([key, target]) => [key, String(target)]),
  );
  return {
    file,
    document,
    name: isRecord(document.value) ? stringAt(document.value, ["name"]) : undefined,
    tasks: new Map(tasks),
    imports,
    at: (path, rule) => view.seenAt(file, document, path, rule),
  };
}
