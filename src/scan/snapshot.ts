import type { Document } from "../formats/document.ts";
import { parseJson } from "../formats/json.ts";
import { type Family, familyOf, type Masked, mask } from "../formats/mask.ts";
import { decodeText, isBinary, type TextFile } from "../formats/text.ts";
import { parseToml } from "../formats/toml.ts";
import { baseOf, extensionOf, folderOf, type Tree } from "../formats/tree.ts";
import { parseXml, type XmlDocument } from "../formats/xml.ts";
import { parseYaml, parseYamlStream } from "../formats/yaml.ts";
import type { Files } from "./files.ts";
import type { Limits } from "./limits.ts";
import { type Warning, walk } from "./walk.ts";

/** The frozen view of a repository's files. Each file is read and parsed once, when it is first asked for. */
export interface Snapshot extends Tree {
  readonly root: string;
  /** What was not looked at or could not be read so far. */
  readonly warnings: readonly Warning[];
  /** Whether a limit was reached, so that something may be missing. */
  readonly truncated: boolean;
  /** Paths of the files with this base name, nearest to the root first. */
  named(base: string): readonly string[];
  withExtension(extension: string): readonly string[];
  /** Files directly in a folder. */
  inFolder(folder: string): readonly string[];
  /** All folders with files below them, the root as `.`. */
  readonly folders: readonly string[];
  size(path: string): number;
  /** Whether `.gitattributes` says that others or a program wrote it. */
  foreign(path: string): boolean;
  /** Whether only the head of a file was read. */
  isCut(path: string): boolean;
  file(path: string): TextFile | undefined;
  json(path: string): Document;
  yaml(path: string): Document;
  yamlStream(path: string): readonly Document[];
  toml(path: string): Document;
  xml(path: string): XmlDocument;
  /** Code without comments (and strings); undefined for what is no text or of no known family. */
  code(path: string, family?: Family): Masked | undefined;
}

const ABSENT: Document = { value: undefined, problems: [], place: () => undefined };

/** Looks at a folder's files; what limits leave out is a warning. */
export function takeSnapshot(files: Files, limits: Partial<Limits> = {}): Snapshot {
  const found = walk(files, limits);
  const warnings: Warning[] = [...found.warnings];
  const sizes = new Map(found.files.map(({ path, size }) => [path, size]));
  const paths = [...sizes.keys()].sort();
  const near = nearestFirst(paths);
  const byBase = Map.groupBy(near, baseOf);
  const byExtension = Map.groupBy(near, extensionOf);
  const byFolder = Map.groupBy(paths, folderOf);
  let left = found.limits.bytes;
  let truncated = found.truncated;

  const cut = new Set<string>();
  const binary = new Set<string>();
  const file = memo((path: string): TextFile | undefined => {
    const size = sizes.get(path);
    if (size === undefined) return undefined;
    const most = size > found.limits.fileBytes ? found.limits.headBytes : size;
    if (left < most) {
      if (!truncated) warnings.push({ message: `files beyond ${found.limits.bytes} bytes in all were not read` });
      truncated = true;
      return undefined;
    }
    left -= most;
    const bytes = files.read(path, most);
    if (!bytes) warnings.push({ message: "cannot be read", file: path });
    if (bytes && isBinary(bytes)) binary.add(path);
    if (!bytes || binary.has(path)) return undefined;
    if (most < size) {
      cut.add(path);
      warnings.push({ message: `only the first ${most} of ${size} bytes were read`, file: path });
    }
    return decodeText(bytes);
  });
  const text = (path: string) => file(path)?.text;
  /** A parser over each file once; what it could not read is a warning. */
  const parsed = <T>(parse: (text: string) => T, none: T, problemsOf: (found: T) => Document["problems"]) =>
    memo((path: string): T => {
      const body = text(path);
      if (binary.has(path)) warnings.push({ message: "is no text", file: path });
      // The end of what was cut is missing: a parser would complain of it, and take the rest for the whole.
      if (body === undefined || cut.has(path)) return none;
      const result = parse(body);
      for (const { message, line } of problemsOf(result).slice(0, 1)) warnings.push({ message, file: path, line });
      return result;
    });
  const own = ({ problems }: { problems: Document["problems"] }) => problems;
  const masked = memo((family: Family) =>
    memo((path: string): Masked | undefined => {
      const body = text(path);
      return body === undefined ? undefined : mask(body, family);
    }),
  );
  const ownCode = memo((path: string): Masked | undefined => {
    const family = familyOf(extensionOf(path));
    return family && masked(family)(path);
  });
  return {
    root: files.root,
    warnings,
    get truncated() {
      return truncated;
    },
    paths,
    folders: foldersOf(byFolder.keys()),
    has: (path) => sizes.has(path),
    named: (base) => byBase.get(base) ?? [],
    withExtension: (extension) => byExtension.get(extension) ?? [],
    inFolder: (folder) => byFolder.get(folder) ?? [],
    foreign: memo(found.isForeign),
    size: (path) => sizes.get(path) ?? 0,
    isCut: (path) => cut.has(path),
    file,
    text,
    json: parsed(parseJson, ABSENT, own),
    yaml: parsed(parseYaml, ABSENT, own),
    yamlStream: parsed(parseYamlStream, [], (all) => all.flatMap(own)),
    toml: parsed(parseToml, ABSENT, own),
    xml: parsed(parseXml, { root: undefined, problems: [] }, own),
    code: (path, family) => (family ? masked(family)(path) : ownCode(path)),
  };
}

/** Sorted paths by how deep they lie; those of one depth stay in their order. */
function nearestFirst(paths: readonly string[]): string[] {
  const levels: string[][] = [];
  for (const path of paths) {
    let depth = 0;
    for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) depth += 1;
    levels[depth] ??= [];
    levels[depth]?.push(path);
  }
  return levels.flat();
}

function memo<K extends string, T>(make: (key: K) => T): (key: K) => T {
  const known = new Map<K, T>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined || known.has(key)) return found as T;
    const made = make(key);
    known.set(key, made);
    return made;
  };
}

/** The folders and those above them, sorted. */
function foldersOf(withFiles: Iterable<string>): string[] {
  const all = new Set<string>();
  for (const folder of withFiles)
    for (let at = folder; !all.has(at); at = folderOf(at)) {
      all.add(at);
      if (at === ".") break;
    }
  return [...all].sort();
}
