import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const SKIPPED = new Set([
  "node_modules",
  "dist",
  "build",
  "target",
  "vendor",
  "test",
  "tests",
  "docs",
  "examples",
  "__pycache__",
  "venv",
]);
const SOURCE = /\.(?:[cm]?[jt]sx?|py|go|rb)$/;
const LARGEST_SOURCE = 500_000;
const DEPTH = 3;

/** The text of a file; undefined when there is none, or when it is too large to be written by people. */
export function readText(path: string): string | undefined {
  try {
    return statSync(path).size > LARGEST_SOURCE ? undefined : readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Whether there is a folder of this name. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Names of the folders inside a folder that may hold code of the application. */
export function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((item) => item.isDirectory() && !SKIPPED.has(item.name) && !item.name.startsWith("."))
    .map((item) => item.name);
}

/** The source texts of a folder, its own before those of the folders in it. */
export function* sourcesIn(folder: string, depth = DEPTH): Generator<string> {
  for (const item of readdirSync(folder, { withFileTypes: true })) {
    const text = item.isFile() && SOURCE.test(item.name) ? readText(join(folder, item.name)) : undefined;
    if (text !== undefined) yield text;
  }
  if (depth > 0) for (const name of foldersIn(folder)) yield* sourcesIn(join(folder, name), depth - 1);
}
