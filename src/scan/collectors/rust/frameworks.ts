import type { Dependency } from "../../declared/dependency.ts";
import { dependenciesOf } from "../../dependencies.ts";
import type { Snapshot } from "../../snapshot.ts";
import { identifier } from "./crates.ts";

/** Crates, the most specific first: loco and leptos stand on axum, warp and axum on hyper. */
const FRAMEWORKS: readonly (readonly [crate: string, id: string])[] = [
  ["loco-rs", "loco"],
  ["rocket", "rocket"],
  ["actix-web", "actix"],
  ["poem", "poem"],
  ["salvo", "salvo"],
  ["warp", "warp"],
  ["axum", "axum"],
  ["tide", "tide"],
  ["gotham", "gotham"],
  ["ntex", "ntex"],
  ["viz", "viz"],
  ["rouille", "rouille"],
];

export interface RustUse {
  dependency: Dependency;
  file: string;
  line: number;
}

/** The first of some crates that code uses and a manifest asks for. */
export function usedCrate(
  snapshot: Snapshot,
  { files, crates }: { files: readonly string[]; crates: readonly string[] },
  names: readonly string[],
): RustUse | undefined {
  const asked = crates
    .flatMap((folder) => dependenciesOf(snapshot, folder))
    .filter(({ ecosystem, group }) => ecosystem === "cargo" && group !== "dev");
  for (const name of names) {
    const dependency = asked.find((found) => found.name === name);
    const mention = new RegExp(`\\b(?:use\\s+(?:::)?|extern\\s+crate\\s+)?${identifier(name)}(?:::|\\s*;|\\s+as\\b)`);
    for (const file of dependency ? files : []) {
      const code = snapshot.code(file)?.bare ?? "";
      const hit = mention.exec(code);
      if (dependency && hit) return { dependency, file, line: code.slice(0, hit.index).split("\n").length };
    }
  }
  return undefined;
}

/** The web framework of a program. */
export function rustFramework(
  snapshot: Snapshot,
  code: { files: readonly string[]; crates: readonly string[] },
): { id: string; use: RustUse } | undefined {
  for (const [crate, id] of FRAMEWORKS) {
    const use = usedCrate(snapshot, code, [crate]);
    if (use) return { id, use };
  }
  return undefined;
}
