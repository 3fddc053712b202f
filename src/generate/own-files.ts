import { decodeText } from "../formats/text.ts";
import type { Files } from "../scan/files.ts";
import { type Snapshot, takeSnapshot } from "../scan/snapshot.ts";
import { generatedPaths, readIndex } from "./base-store.ts";
import { regionIn } from "./merge/region.ts";
import { hasNote, NOTE_BYTES } from "./note.ts";

const MOST_BYTES = 8 * 1024 * 1024;

/**
 * Names of generated files that a scan would read something from. A run that was cut off leaves files that its list does not
 * name yet: these tell by their first lines.
 */
const GENERATED =
  /(?:^|\/)(?:Dockerfile(?:\.[\w-]+)?|\.dockerignore|compose(?:\.dev)?\.yaml|\.env\.example|Caddyfile|Jenkinsfile|\.gitlab-ci\.yml|railway\.ts|\.github\/.+\.yml|(?:deploy|infra|observability)\/.+\.(?:ya?ml|tf))$/;

/** What people wrote themselves: the same files as if what was generated were not there, since it says nothing of the application. */
export function ownFiles(files: Files): Files {
  const { whole, part } = generatedPaths(textBelow(files));
  return {
    ...files,
    list(folder) {
      const found = files.list(folder);
      return { ...found, files: found.files.filter(({ path }) => !whole.has(path) && !isMarked(path, files)) };
    },
    read(path, most) {
      const bytes = files.read(path, most);
      return bytes && part.has(path) ? blanked(path, bytes) : bytes;
    },
  };
}

/** The same of a snapshot that was taken of the files. */
export function ownSnapshot(files: Files, snapshot: Snapshot): Snapshot {
  return madePaths(files, snapshot).size === 0 ? snapshot : takeSnapshot(ownFiles(files));
}

/** Paths that were generated, as a whole or in part, also by a run that was cut off. */
export function madePaths(files: Files, { paths }: Snapshot): Set<string> {
  const known = Object.keys(readIndex(textBelow(files)).files);
  return new Set([...known, ...paths.filter((path) => isMarked(path, files))]);
}

function textBelow(files: Files): (path: string) => string | undefined {
  return (path) => {
    const bytes = files.read(path, MOST_BYTES);
    return bytes && decodeText(bytes).text;
  };
}

function isMarked(path: string, files: Files): boolean {
  return GENERATED.test(path) && hasNote(decodeText(files.read(path, NOTE_BYTES) ?? new Uint8Array()).text);
}

/** Our marked part as blanks, so that every other line and byte stays in its place. */
function blanked(path: string, bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString("latin1");
  const ours = regionIn(path, text);
  return ours ? Buffer.from(text.replace(ours, ours.replace(/[^\r\n]/g, " ")), "latin1") : bytes;
}
