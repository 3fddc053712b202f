import type { Path } from "../formats/document.ts";
import { parseYaml } from "../formats/yaml.ts";

/** Where the manifest says what. */
export interface ManifestSource {
  /** Path from the root of the repository. */
  file: string;
  /** The line of a key; of the nearest one above it that is there. */
  line(path: Path): number;
  /** Whether somebody wrote it: schemas add defaults. */
  has(path: Path): boolean;
}

/** The lines of a manifest, by its text. */
export function manifestSource(file: string, text: string): ManifestSource {
  const { place } = parseYaml(text);
  const line = (path: Path): number => place(path)?.line ?? (path.length > 1 ? line(path.slice(0, -1)) : 1);
  return { file, line, has: (path) => place(path) !== undefined };
}
