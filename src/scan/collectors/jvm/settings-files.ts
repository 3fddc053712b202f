import { type Document, isRecord, type Path, stringAt, valueAt } from "../../../formats/document.ts";
import type { View } from "../../collector.ts";
import { portOf } from "../../command-line.ts";
import type { Evidence } from "../../fact.ts";
import { hitsIn } from "../../search.ts";

const FOLDERS = ["config", "src/main/resources/config", "src/main/resources", "conf", "app/src/main/resources"];
const NAMES = [
  "application",
  "bootstrap",
  "application-prod",
  "application-production",
  "META-INF/microprofile-config",
];
const PROFILES = ["spring.config.activate.on-profile", "spring.profiles"];

/** A setting of the application's own files, and where it stands: the first of these keys that some file has. */
export function setting(view: View, keys: readonly string[]): { value: string; at: Evidence } | undefined {
  for (const name of NAMES)
    for (const folder of FOLDERS)
      for (const read of [inProperties, inYaml]) {
        const found = read(view, `${folder}/${name}`, keys);
        if (found) return found;
      }
  return undefined;
}

/** The port of a setting: `8080`, `${PORT:8080}`, `$PORT:8080`. */
export function settingPort(value: string): number | undefined {
  return portOf(/(?:^|[:-])(\d{2,5})[}\s]*$/.exec(value.trim())?.[1] ?? "");
}

type Found = { value: string; at: Evidence } | undefined;

function inProperties(view: View, path: string, keys: readonly string[]): Found {
  const file = view.path(`${path}.properties`);
  const text = file === undefined ? undefined : view.snapshot.text(file);
  if (file === undefined || text === undefined) return undefined;
  for (const key of keys) {
    const pattern = new RegExp(`^[ \\t]*${key.replace(/[.%]/g, "\\$&")}[ \\t]*[=:][ \\t]*(\\S.*)$`, "gm");
    const hit = hitsIn(text, pattern, file).at(-1);
    if (hit) return { value: hit.match[1]?.trim() ?? "", at: view.seen(file, hit.place, "setting") };
  }
  return undefined;
}

function inYaml(view: View, path: string, keys: readonly string[]): Found {
  for (const ending of ["yml", "yaml"]) {
    const file = view.path(`${path}.${ending}`);
    if (file === undefined || !view.snapshot.has(file)) continue;
    for (const document of view.snapshot.yamlStream(file)) {
      const paths = flatten(document);
      if (PROFILES.some((key) => paths.has(key))) continue;
      for (const key of keys) {
        const at = paths.get(key);
        const found = at && valueAt(document.value, at);
        const value = typeof found === "boolean" ? String(found) : at && stringAt(document.value, at);
        if (at && value !== undefined) return { value, at: view.seenAt(file, document, at, "setting") };
      }
    }
  }
  return undefined;
}

/** Paths by their dotted name: keys may be nested, written with dots, or both. */
function flatten({ value }: Document): ReadonlyMap<string, Path> {
  const found = new Map<string, Path>();
  const walk = (at: unknown, path: Path) => {
    if (!isRecord(at)) return void found.set(path.join("."), path);
    for (const [key, inner] of Object.entries(at)) walk(inner, [...path, key]);
  };
  walk(value, []);
  return found;
}
