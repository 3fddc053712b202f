import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { ExternalError, systemCode, UserError } from "../core/errors.ts";
import { lazy } from "../core/lazy.ts";
import { decodeText, encodeText } from "../formats/text.ts";
import { type BaseIndex, basePath, INDEX_FILE, indexText, readIndex } from "./base-store.ts";
import { changes, type Prepared, type PreparedFile, proposedPath } from "./prepared.ts";
import { temporaryFor, tidyTemporaries } from "./temporary.ts";

// What a run leaves in the folder is no part of the repository; what the next merge needs is.
const IGNORE_FILE = ".stationmaster/.gitignore";
const IGNORE_TEXT = "*\n!.gitignore\n!base/\n!base/**\n!pins.json\n";

const PLAIN = { eol: "\n", bom: false } as const;

/**
 * The text of a file below a folder, with `\n` at the end of lines; undefined where there is none, and where a link leads out of the
 * folder: what lies there is none of the repository.
 */
export function readBelow(root: string): (path: string) => string | undefined {
  const home = lazy(() => realpathSync(root));
  return (path) => {
    try {
      const file = realpathSync(join(root, path));
      // Reading a pipe would wait for ever.
      return file.startsWith(home() + sep) && isFile(file) ? decodeText(readFileSync(file)).text : undefined;
    } catch {
      return undefined;
    }
  };
}

/** Writes what was prepared: each file as a whole, the list of what was generated last, so that a run that was cut off is repeated. */
export function writePrepared(root: string, { files, index }: Prepared): void {
  const home = openOutput(root);
  // All places are looked at before the first is written.
  const places = [IGNORE_FILE, INDEX_FILE, ...files.flatMap(placesOf)].map((path) => inside(home, path));
  for (const folder of new Set(places.map((place) => dirname(place)))) tidyTemporaries(folder);
  for (const file of files) writeFile(home, file);
  for (const { path, base } of files) {
    if (base === undefined) remove(home, basePath(path));
    else put(home, basePath(path), base);
  }
  ignoreState(home);
  put(home, INDEX_FILE, indexText(joined(home, files, index)));
}

/** What of a file is written or taken away. */
function placesOf(file: PreparedFile): string[] {
  const { path, proposed } = file;
  return [...(changes(file) ? [path] : []), basePath(path), ...(proposed === undefined ? [] : [proposedPath(path)])];
}

/** The list with what another run wrote into it meanwhile. */
function joined(home: string, files: readonly PreparedFile[], index: BaseIndex): BaseIndex {
  const { files: known } = readIndex(readBelow(home));
  const own = new Set(files.map(({ path }) => path));
  const others = Object.entries(known).filter(([path]) => !own.has(path));
  return { ...index, files: { ...index.files, ...Object.fromEntries(others) } };
}

/** Whether a path leads to an ordinary file; false also where it may not be looked at. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The real path of the folder that is written below, made where it is missing. `UserError` where there can be none. */
function openOutput(root: string): string {
  try {
    makeFolder(root);
    return realpathSync(root);
  } catch (cause) {
    throw new UserError({
      code: "SM-GENERATE-OUT",
      message: isFile(root)
        ? `${root} is no folder`
        : `${root} cannot be made: ${systemCode(cause) ?? "unknown reason"}`,
      next: "name a folder that can be written, or one that can be made",
      cause,
    });
  }
}

/** Makes a folder and those above it. The one of the runtime never ends where the system refuses below a folder that is there, as in /proc. */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** Keeps what runs leave in `.stationmaster` out of the repository, and what the next merge needs in it. */
export function ignoreState(root: string): void {
  const known = readBelow(root)(IGNORE_FILE);
  if (known === undefined || known.trim() === "*") put(realpathSync(root), IGNORE_FILE, IGNORE_TEXT);
}

function writeFile(root: string, file: PreparedFile): void {
  const { path, text, action, proposed } = file;
  if (action === "delete") remove(root, path);
  else if (text !== undefined && changes(file)) put(root, path, text, file.file?.executable);
  if (proposed !== undefined) put(root, proposedPath(path), proposed);
  else if (text !== undefined && text === readOld(inside(root, proposedPath(path)))?.text)
    // What was proposed was taken.
    remove(root, proposedPath(path));
}

/** The bytes that a file has after a run, with the line ends and the mark it has below the folder; undefined where it is not there. */
export function bytesAfter(root: string, { path, text }: Pick<PreparedFile, "path" | "text">): Uint8Array | undefined {
  if (text === undefined) return undefined;
  const old = readOld(join(root, path));
  return old?.text === text ? old.bytes : encodeText(text, old ?? PLAIN);
}

/** Replaces a file as a whole; line ends, byte order mark and mode of the one that was there stay. */
function put(root: string, path: string, text: string, executable?: boolean): void {
  const target = inside(root, path);
  const old = readOld(target);
  if (old?.text === text) return;
  const temporary = temporaryFor(target);
  let begun = false;
  try {
    makeFolder(dirname(target));
    begun = true;
    writeFileSync(temporary, encodeText(text, old ?? PLAIN), { flag: "wx" });
    chmodSync(temporary, old?.mode ?? (executable ? 0o755 : 0o644));
    renameSync(temporary, target);
  } catch (cause) {
    if (begun) rmSync(temporary, { force: true });
    throw new ExternalError({
      code: "SM-GENERATE-WRITE",
      message: `${path} cannot be written: ${cause instanceof Error ? cause.message : "unknown reason"}`,
      next: "make room or allow it, then run again; files written before it are whole",
      cause,
    });
  }
}

function readOld(target: string) {
  // Reading a pipe would wait for ever.
  if (!isFile(target)) return undefined;
  try {
    const bytes = readFileSync(target);
    return { ...decodeText(bytes), bytes, mode: lstatSync(target).mode & 0o777 };
  } catch {
    return undefined;
  }
}

function remove(root: string, path: string): void {
  rmSync(inside(root, path), { force: true });
}

/** The absolute path, refused where it leaves the root or leads through a link. */
function inside(root: string, path: string): string {
  const target = resolve(root, path);
  if (!target.startsWith(root + sep)) throw refused(path, "lies outside the folder");
  for (let at = target; at !== root; at = dirname(at)) {
    const found = lookAt(at);
    if (found?.isSymbolicLink()) throw refused(path, "is reached through a link");
    if (found && !found.isFile() && !found.isDirectory()) throw refused(path, "is no ordinary file");
  }
  return target;
}

/** What lies at a path; undefined where nothing does, also where a file lies above it. */
function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function refused(path: string, why: string): ExternalError {
  return new ExternalError({
    code: "SM-GENERATE-PATH",
    message: `${path} ${why}, so it is not written`,
    next: `move what is in the way, or set \`own: { "${path}": off }\``,
  });
}
