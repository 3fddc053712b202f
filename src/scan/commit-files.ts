import { readObjects, resolveCommit, type TreeFile, treeFiles } from "../exec/git-objects.ts";
import { extensionOf, folderOf, joinPath } from "../formats/tree.ts";
import { type Files, listedFiles } from "./files.ts";
import { LIMITS } from "./limits.ts";

/** Contents that nobody reads as words. */
const BINARY = new Set(
  "png jpg jpeg gif webp avif ico bmp pdf zip gz tgz bz2 xz 7z jar war class woff woff2 ttf otf eot mp3 mp4 webm mov avi wasm so dll exe bin dat db sqlite psd".split(
    " ",
  ),
);

/**
 * The files of a commit, as they were: what lies in the folder now does not matter. Contents are read at once, within the limits of
 * a scan; `UserError` where there is no such commit, `ExternalError` where git fails.
 */
export async function commitFiles(folder: string, name: string): Promise<Files> {
  const commit = await resolveCommit(folder, name);
  const all = await treeFiles(folder, commit);
  const byPath = new Map(all.map((file) => [file.path, file]));
  const chosen = affordable(all.filter(({ kind, path }) => kind !== "submodule" && !BINARY.has(extensionOf(path))));
  const objects = await readObjects(folder, chosen);
  const contents = (file: TreeFile, level = 0): Uint8Array | undefined => {
    const bytes = objects.get(file.object);
    if (file.kind !== "link" || !bytes) return bytes;
    const path = joinPath(folderOf(file.path), Buffer.from(bytes).toString());
    const target = path === undefined || path.startsWith("/") ? undefined : byPath.get(path);
    return target && level < MOST_LINKS ? contents(target, level + 1) : undefined;
  };
  const files = all
    .filter(({ kind }) => kind !== "submodule")
    .map((file) => ({ path: file.path, size: sizeOf(file, contents(file)) }));
  return {
    ...listedFiles(files),
    root: folder,
    read(path, most) {
      const file = byPath.get(path);
      return file && contents(file)?.subarray(0, most);
    },
  };
}

const MOST_LINKS = 8;

function sizeOf(file: TreeFile, bytes: Uint8Array | undefined): number {
  return file.kind === "link" ? (bytes?.byteLength ?? 0) : file.size;
}

/** What fits into the limits, the files near the root first. */
function affordable(files: readonly TreeFile[]): { object: string; most: number }[] {
  const depth = ({ path }: TreeFile) => path.split("/").length;
  let left = LIMITS.bytes;
  return files
    .toSorted((a, b) => depth(a) - depth(b))
    .flatMap(({ object, size }) => {
      const most = size > LIMITS.fileBytes ? LIMITS.headBytes : size;
      if (most > left) return [];
      left -= most;
      return [{ object, most }];
    });
}
