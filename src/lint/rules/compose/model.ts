import { type Document, isRecord, listAt, type Path, recordAt, stringAt } from "../../../formats/document.ts";
import { baseOf, folderOf, joinPath } from "../../../formats/tree.ts";
import type { LintFile } from "../../lint-file.ts";
import type { RuleContext } from "../../rule.ts";

/** A service as it will be, and where its part of this file stands. */
export interface ComposeService {
  name: string;
  path: Path;
  /** With what `extends` and the file below bring. */
  value: Record<string, unknown>;
  /** What this file itself says. */
  own: Record<string, unknown>;
  /** Whether something that cannot be seen here may add to it. */
  open: boolean;
}

export interface ComposeFile {
  file: LintFile;
  document: Document;
  value: Record<string, unknown>;
  services: ComposeService[];
  /** Whether services stand at the root, as in the first form. */
  legacy: boolean;
  /** The file that this one is laid over. */
  base: ComposeFile | undefined;
}

const KNOWN = new WeakMap<LintFile, ComposeFile>();
const MAIN = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];
const MOST_EXTENDS = 5;

/** A Compose file with its services; of an unreadable one there are none. */
export function composeOf(file: LintFile, context: Pick<RuleContext, "files">): ComposeFile {
  const known = KNOWN.get(file) ?? read(file, context);
  KNOWN.set(file, known);
  return known;
}

function read(file: LintFile, context: Pick<RuleContext, "files">): ComposeFile {
  const document = file.documents()[0] ?? { value: undefined, problems: [], place: () => undefined };
  const value = recordAt(document.value);
  const legacy =
    !("services" in value) &&
    !("include" in value) &&
    Object.values(value).some((item) => isRecord(item) && ("image" in item || "build" in item));
  const own = legacy ? value : recordAt(value, ["services"]);
  const found: ComposeFile = { file, document, value, services: [], legacy, base: undefined };
  const below = baseFile(file, own, context);
  found.base = below;
  found.services = Object.entries(own).flatMap(([name, item]) => {
    if (!isRecord(item) || (legacy && !("image" in item || "build" in item))) return [];
    const { merged, open } = extended(item, { file, services: own, context, depth: 0 });
    const lower = below?.services.find((service) => service.name === name);
    return [
      {
        name,
        path: legacy ? [name] : ["services", name],
        own: item,
        value: lower ? overlaid(lower.value, merged) : merged,
        open: open || (lower?.open ?? false) || (!lower && !hasImage(merged)),
      },
    ];
  });
  return found;
}

/** The file of the same folder that Compose reads before this one, where this one only adds to it. */
function baseFile(
  file: LintFile,
  services: Record<string, unknown>,
  context: Pick<RuleContext, "files">,
): ComposeFile | undefined {
  if (MAIN.includes(baseOf(file.path))) return undefined;
  const folder = folderOf(file.path);
  const main = MAIN.flatMap((name) => context.files.find(({ path }) => path === joinPath(folder, name)) ?? [])[0];
  if (!main) return undefined;
  const partial = Object.values(services).some((item) => isRecord(item) && !hasImage(item) && !("extends" in item));
  return partial || /override/.test(baseOf(file.path)) ? composeOf(main, context) : undefined;
}

interface Site {
  file: LintFile;
  services: Record<string, unknown>;
  context: Pick<RuleContext, "files">;
  depth: number;
}

/** A service with what it extends. */
function extended(
  item: Record<string, unknown>,
  { file, services, context, depth }: Site,
): { merged: Record<string, unknown>; open: boolean } {
  const from = item.extends;
  if (from === undefined) return { merged: item, open: false };
  const name = typeof from === "string" ? from : stringAt(from, ["service"]);
  const path = stringAt(from, ["file"]);
  const other =
    path === undefined ? file : context.files.find((found) => found.path === joinPath(folderOf(file.path), path));
  const pool = other === file ? services : recordAt(other?.documents()[0]?.value, ["services"]);
  const below = name === undefined ? undefined : pool[name];
  if (!other || !isRecord(below) || depth >= MOST_EXTENDS) return { merged: item, open: true };
  const { merged, open } = extended(below, { file: other, services: pool, context, depth: depth + 1 });
  return { merged: overlaid(merged, item), open };
}

/** Maps are joined, lists put behind each other, other values replaced. */
function overlaid(below: Record<string, unknown>, above: Record<string, unknown>): Record<string, unknown> {
  const out: Record<string, unknown> = { ...below };
  for (const [key, item] of Object.entries(above)) {
    const old = out[key];
    if (isRecord(old) && isRecord(item)) out[key] = overlaid(old, item);
    else if (Array.isArray(old) && Array.isArray(item) && key !== "command" && key !== "entrypoint")
      out[key] = [...old, ...item];
    else out[key] = item;
  }
  return out;
}

function hasImage(service: Record<string, unknown>): boolean {
  return "image" in service || "build" in service || "provider" in service;
}

/** The variables of a service: of the list or the map; null where only the name is given. */
export function environmentOf(service: Record<string, unknown>): { name: string; value: string | null; path: Path }[] {
  const { environment } = service;
  if (isRecord(environment))
    return Object.entries(environment).map(([name, value]) => ({
      name,
      value: value === null || value === undefined ? null : String(value),
      path: ["environment", name],
    }));
  return listAt(environment).flatMap((item, index) => {
    const [, name = "", value] = /^([^=]+)(?:=(.*))?$/s.exec(String(item)) ?? [];
    return name === "" ? [] : [{ name, value: value ?? null, path: ["environment", index] }];
  });
}

/** A volume of a service. */
export interface Mount {
  kind: "volume" | "bind" | "anonymous" | "tmpfs" | "other";
  source: string | undefined;
  target: string;
  readOnly: boolean;
  path: Path;
}

/** The mounts of a service, in both forms. */
export function mountsOf(service: Record<string, unknown>): Mount[] {
  return listAt(service, ["volumes"]).flatMap((item, index): Mount[] => {
    const path = ["volumes", index];
    if (isRecord(item)) {
      const type = stringAt(item, ["type"]) ?? "volume";
      const source = stringAt(item, ["source"]) ?? stringAt(item, ["src"]);
      const target = stringAt(item, ["target"]) ?? stringAt(item, ["dst"]) ?? "";
      const kind =
        type === "volume" ? (source ? "volume" : "anonymous") : type === "bind" || type === "tmpfs" ? type : "other";
      return [{ kind, source, target, readOnly: item.read_only === true, path }];
    }
    if (typeof item !== "string") return [];
    // `${DIR:-./data}:/data` has a colon that parts nothing; `C:\data:/data` too.
    const parts = item
      .replace(/\$\{[^}]*\}/g, (part) => part.replaceAll(":", "\u0000"))
      .replace(/^([A-Za-z]):(?=[\\/][^:]*:)/, "$1\u0000")
      .split(":");
    const [first = "", second, options = ""] = parts.map((part) => part.replaceAll("\u0000", ":"));
    if (second === undefined) return [{ kind: "anonymous", source: undefined, target: first, readOnly: false, path }];
    const bind = /^(?:\.|\/|~|\$|[A-Za-z]:)/.test(first);
    return [
      {
        kind: bind ? "bind" : "volume",
        source: first,
        target: second,
        readOnly: /(?:^|,)ro(?:,|$)/.test(options),
        path,
      },
    ];
  });
}

/** The names in `depends_on`, with the condition where one is given. */
export function dependenciesOf(
  service: Record<string, unknown>,
): { name: string; condition: string | undefined; path: Path }[] {
  const { depends_on: given } = service;
  if (isRecord(given))
    return Object.entries(given).map(([name, item]) => ({
      name,
      condition: stringAt(item, ["condition"]) ?? "service_started",
      path: ["depends_on", name],
    }));
  return listAt(given).flatMap((item, index) =>
    typeof item === "string" ? [{ name: item, condition: undefined, path: ["depends_on", index] }] : [],
  );
}
