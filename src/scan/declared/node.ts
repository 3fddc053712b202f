import { type Document, recordAt } from "../../formats/document.ts";
import { joinPath } from "../../formats/tree.ts";
import type { Snapshot } from "../snapshot.ts";
import { type Dependency, dependency } from "./dependency.ts";

const LISTS: readonly [list: string, group: Dependency["group"]][] = [
  ["dependencies", "prod"],
  ["optionalDependencies", "optional"],
  ["peerDependencies", "optional"],
  ["devDependencies", "dev"],
];

/** `package.json` and its other spellings, and the packages of npm that `deno.json` imports. */
export function nodeDependencies(snapshot: Snapshot, folder: string): Dependency[] {
  const at = (base: string) => joinPath(folder, base) as string;
  const manifests: [file: string, document: Document][] = [
    [at("package.json"), snapshot.json(at("package.json"))],
    [at("package.json5"), snapshot.json(at("package.json5"))],
    [at("package.yaml"), snapshot.yaml(at("package.yaml"))],
  ];
  return [
    ...manifests.flatMap(([file, document]) =>
      LISTS.flatMap(([list, group]) =>
        Object.entries(recordAt(document.value, [list])).map(([name, version]) =>
          dependency({
            ecosystem: "npm",
            name,
            version: typeof version === "string" ? version : null,
            group,
            path: pathOf(version, folder),
            file,
            place: () => document.place([list, name]),
          }),
        ),
      ),
    ),
    ...["deno.json", "deno.jsonc"].flatMap((base) => denoImports(at(base), snapshot.json(at(base)))),
  ];
}

function pathOf(version: unknown, folder: string): string | null {
  const path = typeof version === "string" ? /^(?:file|link|portal):(.+)$/.exec(version)?.[1] : undefined;
  return path === undefined ? null : (joinPath(folder, path) ?? null);
}

function denoImports(file: string, document: Document): Dependency[] {
  return Object.entries(recordAt(document.value, ["imports"])).flatMap(([alias, target]) => {
    const [, name, version = null] =
      typeof target === "string" ? (/^npm:\/?((?:@[^/@]+\/)?[^/@]+)(?:@([^/]+))?/.exec(target) ?? []) : [];
    if (name === undefined) return [];
    return [dependency({ ecosystem: "npm", name, version, file, place: () => document.place(["imports", alias]) })];
  });
}
