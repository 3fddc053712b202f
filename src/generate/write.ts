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
import { decodeText, encodeText } from "../formats/text.ts";
import { basePath, INDEX_FILE, indexText } from "./base-store.ts";
import { changes, type Prepared, type PreparedFile } from "./prepared.ts";

const PROPOSED = ".proposed";
// What a run leaves in the folder is no part of the repository; what the next merge needs is.
const IGNORE_FILE = ".stationmaster/.gitignore";
const IGNORE_TEXT = "*\n!.gitignore\n!base/\n!base/**\n!pins.json\n";

/** The text of a file below a folder, with `\n` at the end of lines; undefined where there is none. */
export function readBelow(root: string): (path: string) => string | undefined {
  return (path) => {
    try {
      const file = join(root, path);
      // Reading a pipe would wait for ever.
      return isFile(file) ? decodeText(readFileSync(file)).text : undefined;
    } catch {
      return undefined;
    }
  };
}

/** Writes what was prepared: each file as a whole, the list of what was generated last, so that a run that was cut off is repeated. */
export function writePrepared(root: string, { files, index }: Prepared): void {
  const home = openOutput(root);
  // All places are looked at before the first is written.
  for (const { path } of files) inside(home, path);
  for (const file of files) writeFile(home, file);
  for (const { path, base } of files) {
    if (base === undefined) remove(home, basePath(path));
    else put(home, basePath(path), base);
  }
  ignoreState(home);
  put(home, INDEX_FILE, indexText(index));
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
  if (proposed !== undefined) put(root, `${path}${PROPOSED}`, proposed);
}

/** Replaces a file as a whole; line ends, byte order mark and mode of the one that was there stay. */
function put(root: string, path: string, text: string, executable?: boolean): void {
  const target = inside(root, path);
  const old = readOld(target);
  if (old?.text === text) return;
  const temporary = `${target}.${process.pid}.tmp`;
  let begun = false;
  try {
    makeFolder(dirname(target));
    begun = true;
    writeFileSync(temporary, encodeText(text, old ?? { eol: "\n", bom: false }), { flag: "wx" });
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
  try {
    return { ...decodeText(readFileSync(target)), mode: lstatSync(target).mode & 0o777 };
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
    if (lookAt(at)?.isSymbolicLink()) throw refused(path, "is reached through a link");
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
