import { isRecord, type Path, recordAt, stringAt, valueAt } from "../../../../formats/document.ts";
import { folderOf, joinPath } from "../../../../formats/tree.ts";
import type { Snapshot } from "../../../snapshot.ts";
import { filesLike, type Role, roleOf } from "../names.ts";
import { type Seen, seenIn } from "../platform.ts";

/** A service of a compose file. */
export interface ComposeService {
  name: string;
  file: string;
  role: Role;
  value: Record<string, unknown>;
  seen: (...path: Path) => Seen;
  image: string | undefined;
  /** Folder and Dockerfile that build it, from the root; of a file that overrides another one those of the first. */
  context: string | undefined;
  dockerfile: string | undefined;
  target: string | undefined;
}

const FILE = /^(?:docker-)?compose(?:[._-][\w.-]+)?\.ya?ml$/i;
const USUAL = /^(?:docker-)?compose|\.ya?ml$/gi;

/** Compose files, nearest to the root first. */
export function composeFiles(snapshot: Snapshot): string[] {
  return filesLike(snapshot, FILE);
}

const known = new WeakMap<Snapshot, ComposeService[]>();

/** The services of all compose files but those of tests. */
export function composeServices(snapshot: Snapshot): readonly ComposeService[] {
  const services = known.get(snapshot) ?? composeFiles(snapshot).flatMap((file) => servicesOf(snapshot, file));
  known.set(snapshot, services);
  return services;
}

function servicesOf(snapshot: Snapshot, file: string): ComposeService[] {
  const role = roleOf(file, USUAL);
  if (role === "test") return [];
  const document = snapshot.yaml(file);
  const at = seenIn(file, document);
  // The first version of the format had no `services`.
  const root = isRecord(valueAt(document.value, ["services"])) ? ["services"] : [];
  return Object.entries(recordAt(document.value, root)).flatMap(([name, value]): ComposeService[] => {
    if (!isRecord(value) || (root.length === 0 && !("image" in value || "build" in value))) return [];
    const short = stringAt(value, ["build"]);
    const context = short ?? stringAt(value, ["build", "context"]) ?? (isRecord(value.build) ? "." : undefined);
    const folder = context === undefined ? undefined : joinPath(folderOf(file), `./${withoutDefault(context)}`);
    const dockerfile = stringAt(value, ["build", "dockerfile"]);
    return [
      {
        name,
        file,
        role,
        value,
        seen: (...path) => at(...root, name, ...path),
        image: stringAt(value, ["image"]),
        context: folder,
        dockerfile: folder === undefined ? undefined : dockerfilePath(snapshot, folder, dockerfile),
        target: stringAt(value, ["build", "target"]),
      },
    ];
  });
}

function dockerfilePath(snapshot: Snapshot, folder: string, named: string | undefined): string | undefined {
  const names = named === undefined ? ["Dockerfile", "dockerfile", "Containerfile"] : [`./${named}`];
  return names.map((name) => joinPath(folder, name)).find((path) => path !== undefined && snapshot.has(path));
}

/** `${DIR:-./api}` without the variable. */
export function withoutDefault(text: string): string {
  return text.replace(/\$\{\w+:?-([^}]*)\}/g, "$1");
}
