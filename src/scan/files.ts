/** A file below the root; `path` is relative with `/`. */
export interface FileEntry {
  path: string;
  size: number;
}

export interface FileProblem {
  path: string;
  message: string;
}

/** A folder with files: on disk, in memory, or of a commit. */
export interface Files {
  /** Name for people: the folder. */
  readonly root: string;
  /** The files and folders directly in a folder (`.` is the root), sorted; problems are what could not be looked at. */
  list(folder: string): { files: FileEntry[]; folders: string[]; problems: FileProblem[] };
  /** The first `most` bytes of a file; undefined where it cannot be read. */
  read(path: string, most: number): Uint8Array | undefined;
}

/** Files in memory, by path. */
export function memoryFiles(files: Readonly<Record<string, string | Uint8Array>>, root = "memory"): Files {
  const encoder = new TextEncoder();
  const bytes = new Map(
    Object.entries(files).map(([path, body]) => [path, typeof body === "string" ? encoder.encode(body) : body]),
  );
  return {
    ...listedFiles([...bytes].map(([path, { byteLength: size }]) => ({ path, size }))),
    root,
    read: (path, most) => bytes.get(path)?.subarray(0, most),
  };
}

/** Folders of files that are known by their whole paths. */
export function listedFiles(entries: readonly FileEntry[]): Pick<Files, "list"> {
  const folders = new Map<string, { files: FileEntry[]; folders: Set<string> }>();
  const folder = (path: string) => {
    const known = folders.get(path) ?? { files: [], folders: new Set() };
    folders.set(path, known);
    return known;
  };
  for (const entry of entries.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    let above = ".";
    for (let at = entry.path.indexOf("/"); at !== -1; at = entry.path.indexOf("/", at + 1)) {
      const path = entry.path.slice(0, at);
      folder(above).folders.add(path);
      above = path;
    }
    folder(above).files.push(entry);
  }
  return {
    list(path) {
      const found = folders.get(path);
      return { files: found?.files ?? [], folders: [...(found?.folders ?? [])], problems: [] };
    },
  };
}
