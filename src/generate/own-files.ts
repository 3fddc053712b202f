import { decodeText } from "../formats/text.ts";
import type { Files } from "../scan/files.ts";
import { type Snapshot, takeSnapshot } from "../scan/snapshot.ts";
import { generatedPaths } from "./base-store.ts";
import { regionIn } from "./merge/region.ts";

const MOST_BYTES = 8 * 1024 * 1024;

/** What people wrote themselves: the same files as if what was generated were not there, since it says nothing of the application. */
export function ownFiles(files: Files): Files {
  const { whole, part } = generatedPaths((path) => {
    const bytes = files.read(path, MOST_BYTES);
    return bytes && decodeText(bytes).text;
  });
  if (whole.size + part.size === 0) return files;
  return {
    ...files,
    list(folder) {
      const found = files.list(folder);
      return { ...found, files: found.files.filter(({ path }) => !whole.has(path)) };
    },
    read(path, most) {
      const bytes = files.read(path, most);
      return bytes && part.has(path) ? blanked(path, bytes) : bytes;
    },
  };
}

/** The same of a snapshot that was taken of the files. */
export function ownSnapshot(files: Files, snapshot: Snapshot): Snapshot {
  const own = ownFiles(files);
  return own === files ? snapshot : takeSnapshot(own);
}

/** Our marked part as blanks, so that every other line and byte stays in its place. */
function blanked(path: string, bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString("latin1");
  const ours = regionIn(path, text);
  return ours ? Buffer.from(text.replace(ours, ours.replace(/[^\r\n]/g, " ")), "latin1") : bytes;
}
