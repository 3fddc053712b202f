import { extensionOf } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import { dependenciesOf, findDependency } from "../../dependencies.ts";
import { ASSUMED } from "../../fact.ts";
import { searchCode } from "../../search.ts";
import { storesIn } from "../stores/index.ts";
import { type Kept, plainPath } from "./written.ts";

/** Folders that frameworks keep files in by their own settings. */
export function frameworkState(view: View): Kept[] {
  const isRemote = storesIn(view).stores.some(
    ({ kind, confidence }) => (kind === "s3" || kind === "minio") && confidence >= ASSUMED,
  );
  const files = isRemote ? [] : [...rails(view), ...django(view), ...laravel(view)];
  return [...files, ...laravelDatabase(view), ...filesOfSettings(view)];
}

function first(view: View, pattern: RegExp, extension: string) {
  return searchCode(view, pattern, { extensions: [extension] })[0];
}

/** Active Storage on the disk, where a model has files. */
function rails(view: View): Kept[] {
  const used = first(view, /\bhas_(?:one|many)_attached\b/g, "rb");
  const service =
    used &&
    searchCode(view, /\bactive_storage\.service\s*=\s*:local\b/g, { extensions: ["rb"] }).find(({ file }) =>
      file.endsWith("production.rb"),
    );
  if (!used || !service) return [];
  return [
    { path: "storage", what: "uploads", confidence: 0.9, at: view.seen(service.file, service.place, "active-storage") },
  ];
}

const MEDIA =
  /\bMEDIA_ROOT\s*=\s*(?:os\.path\.join\(\s*\w+\s*,\s*|\w+\s*\/\s*|str\(\s*\w+\s*\/\s*|\w+\.joinpath\(\s*|Path\(\s*)?["']([\w./-]+)["']/g;

/** Django's files of users; certain where a model has some. */
function django(view: View): Kept[] {
  const root = first(view, MEDIA, "py");
  const path = root && plainPath(view, root.match[1] ?? "");
  if (!root || path === undefined) return [];
  const hasFiles = first(view, /\b(?:FileField|ImageField)\s*\(/g, "py") !== undefined;
  return [
    { path, what: "uploads", confidence: hasFiles ? 0.9 : 0.6, at: view.seen(root.file, root.place, "media-root") },
  ];
}

const DISK =
  /\bStorage::(?:disk\(\s*["'](?:public|local)["']\s*\)->)?(?:put|putFile|putFileAs|append|prepend)\b|->(?:store|storeAs|storePublicly|storePubliclyAs)\(/g;

/** Laravel's disks, where code stores something on them. */
function laravel(view: View): Kept[] {
  const declared = dependenciesOf(view.snapshot, view.unit.path);
  if (!findDependency(declared, "packagist", "laravel/framework")) return [];
  const used = first(view, DISK, "php");
  if (!used) return [];
  return [{ path: "storage/app", what: "uploads", confidence: 0.85, at: view.seen(used.file, used.place, "disk") }];
}

/** The file that Laravel keeps SQLite in. */
function laravelDatabase(view: View): Kept[] {
  const named = first(view, /\bdatabase_path\(\s*["']([\w./-]+\.sqlite)["']/g, "php");
  if (!named || !isSqlite(view)) return [];
  const path = `database/${named.match[1]}`;
  return [{ path, what: "database", confidence: 0.85, at: view.seen(named.file, named.place, "database") }];
}

/** Whether SQLite is what the application uses. */
export function isSqlite(view: View): boolean {
  return storesIn(view).stores.some(({ kind, confidence }) => kind === "sqlite" && confidence >= ASSUMED);
}

const SETTING =
  /^[ \t]*[\w.-]*upload[\w-]*[.-](?:dir|directory|path|folder|location)\s*[=:]\s*(?:\$\{\w+:)?["']?([\w./-]+)/gim;

/** `file.upload-dir=./uploads` of settings files, and the file of Prisma's or Rails' SQLite. */
function filesOfSettings(view: View): Kept[] {
  const isOnSqlite = isSqlite(view);
  return view.files.flatMap((file): Kept[] => {
    const found = (pattern: RegExp, what: string, from = "") =>
      [...(view.snapshot.text(file) ?? "").matchAll(pattern)].flatMap((match): Kept[] => {
        const path = plainPath(view, `${from}${match[1] ?? ""}`);
        const line = (view.snapshot.text(file) ?? "").slice(0, match.index + match[0].length).split("\n").length;
        return path === undefined ? [] : [{ path, what, confidence: 0.8, at: view.seen(file, line, what) }];
      });
    if (/(?:^|\/)application[\w-]*\.(?:properties|ya?ml)$/.test(file)) return found(SETTING, "uploads");
    if (!isOnSqlite) return [];
    if (extensionOf(file) === "prisma")
      return found(/\burl\s*=\s*["']file:(?:\.\/)?([\w./-]+)["']/g, "database", prismaFolder(view, file));
    if (/(?:^|\/)config\/database\.ya?ml$/.test(file))
      return found(/^production:[^\n]*(?:\n[ \t#][^\n]*|\n)*?\n[ \t]+database:\s*([\w./-]+\.sqlite3)/gm, "database");
    return /(?:^|\/)appsettings[\w.]*\.json$/.test(file) ? found(/\bData Source=([\w./-]+\.\w+)/g, "database") : [];
  });
}

/** Paths of Prisma count from its schema. */
function prismaFolder({ unit }: View, file: string): string {
  const inside = unit.path === "." ? file : file.slice(unit.path.length + 1);
  return inside.includes("/") ? inside.slice(0, inside.lastIndexOf("/") + 1) : "";
}
