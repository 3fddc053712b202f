import { recordAt, stringAt } from "../../formats/document.ts";
import { places } from "../../formats/text.ts";
import { folderOf, isIn, joinPath } from "../../formats/tree.ts";
import { gradleProjects } from "../collectors/jvm/settings.ts";
import { nearestFile } from "../nearby.ts";
import type { Snapshot } from "../snapshot.ts";
import { type Dependency, dependency } from "./dependency.ts";

const CONFIGURATION =
  /\b(\w*(?:[iI]mplementation|[aA]pi|[cC]ompileOnly|[rR]untimeOnly|[dD]evelopmentOnly|[cC]ompile|[rR]untime|[aA]nnotationProcessor|kapt|ksp))\b[ \t]*\(?[ \t]*(?:(?:platform|enforcedPlatform)\s*\(\s*)?((?:["'][^"'\n]+["'](?:\s*,\s*["'][^"'\n]+["'])*)|libs\.[\w.]+|project\s*\(\s*(?:path\s*[:=]\s*)?["'][^"']+["']|group\s*[:=][^\n)]+)/g;
const DEVELOPMENT = /^test|Test|^developmentOnly|^annotationProcessor|^kapt|^ksp|^androidTest/;

/** What a Gradle build file and the shared blocks of the builds above it ask for, catalogs resolved. */
export function gradleDependencies(snapshot: Snapshot, folder: string): Dependency[] {
  const own = buildFile(snapshot, folder);
  if (own === undefined) return [];
  const shared = foldersAbove(folder).flatMap((above) => buildFile(snapshot, above) ?? []);
  return [
    ...inBlock(snapshot, own, folder, (code) => code),
    ...shared.flatMap((file) => inBlock(snapshot, file, folder, sharedBlocks)),
  ];
}

function buildFile(snapshot: Snapshot, folder: string): string | undefined {
  return ["build.gradle.kts", "build.gradle"]
    .map((base) => joinPath(folder, base) as string)
    .find((path) => snapshot.has(path));
}

function foldersAbove(folder: string): string[] {
  if (folder === ".") return [];
  const above = folderOf(folder);
  return [above, ...foldersAbove(above)];
}

/** `subprojects { … }` and `allprojects { … }` with everything else blank. */
function sharedBlocks(code: string): string {
  const kept = [...code.matchAll(/\b(?:subprojects|allprojects)\s*\{/g)].map(({ index }) => [
    index,
    blockEnd(code, index),
  ]);
  return code.replace(/[^\n]/g, (char, at: number) =>
    kept.some(([from = 0, to = 0]) => at >= from && at < to) ? char : " ",
  );
}

function blockEnd(code: string, from: number): number {
  let depth = 0;
  for (let at = code.indexOf("{", from); at < code.length && at !== -1; at += 1) {
    if (code[at] === "{") depth += 1;
    else if (code[at] === "}") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return code.length;
}

function inBlock(snapshot: Snapshot, file: string, folder: string, part: (code: string) => string): Dependency[] {
  const code = part(snapshot.code(file, "c")?.code ?? "");
  const at = places(code);
  return [...code.matchAll(CONFIGURATION)].flatMap((match) => {
    const [, configuration = "", target = ""] = match;
    const group = DEVELOPMENT.test(configuration) ? "dev" : "prod";
    const place = () => at(match.index);
    return targets(snapshot, folder, target).map(({ name, version, path }) =>
      dependency({ ecosystem: "maven", name, version, group, path, file, place }),
    );
  });
}

interface Target {
  name: string;
  version: string | null;
  path: string | null;
}

function targets(snapshot: Snapshot, folder: string, text: string): Target[] {
  const project = /^project\s*\(\s*(?:path\s*[:=]\s*)?["']:?([^"']+)["']/.exec(text)?.[1];
  if (project !== undefined) {
    const path = project.replaceAll(":", "/");
    return [{ name: `project:${project}`, version: null, path: projectFolder(snapshot, folder, path) }];
  }
  if (text.startsWith("libs.")) return fromCatalog(snapshot, folder, text.slice("libs.".length));
  const mapped =
    /group\s*[:=]\s*["']([^"']+)["']\s*,\s*name\s*[:=]\s*["']([^"']+)["'](?:\s*,\s*version\s*[:=]\s*["']([^"']+)["'])?/.exec(
      text,
    );
  if (mapped) return [{ name: `${mapped[1]}:${mapped[2]}`, version: mapped[3] ?? null, path: null }];
  return [...text.matchAll(/["']([^"':\s]+):([^"':\s]+)(?::([^"'\s]+))?["']/g)].map(
    ([, group, name, version = null]) => ({
      name: `${group}:${name}`,
      version,
      path: null,
    }),
  );
}

/** Projects are named from the root of the build, whose settings may say that one lies elsewhere. */
function projectFolder(snapshot: Snapshot, folder: string, path: string): string | null {
  const listed = [...gradleProjects(snapshot)].find(
    ([, project]) => isIn(folder, project.root) && project.path === `:${path.replaceAll("/", ":")}`,
  );
  if (listed) return listed[0];
  const found = [folder, ...foldersAbove(folder)]
    .map((base) => joinPath(base, path))
    .find((at) => at !== undefined && buildFile(snapshot, at) !== undefined);
  return found ?? null;
}

/** `libs.spring.boot.web` and `libs.bundles.web` of the version catalog. */
function fromCatalog(snapshot: Snapshot, folder: string, alias: string): Target[] {
  const file = nearestFile(snapshot, folder, "gradle/libs.versions.toml");
  if (file === undefined) return [];
  const { value } = snapshot.toml(file);
  const key = (name: string) => name.replace(/[-_.]/g, ".").toLowerCase();
  const libraries = Object.entries(recordAt(value, ["libraries"]));
  const [, bundle] = /^bundles\.(.+)$/.exec(alias) ?? [];
  const bundles = Object.entries(recordAt(value, ["bundles"]));
  const names =
    bundle === undefined
      ? [alias]
      : bundles.flatMap(([name, list]) => (key(name) === key(bundle) && Array.isArray(list) ? list.map(String) : []));
  return names.flatMap((name) =>
    libraries
      .filter(([library]) => key(library) === key(name))
      .flatMap(([, library]): Target[] => {
        const module =
          stringAt(library, ["module"]) ?? joined(stringAt(library, ["group"]), stringAt(library, ["name"]));
        const [group, artifact, inline] = (module ?? stringAt(library) ?? "").split(":");
        if (!group || !artifact) return [];
        const reference = stringAt(library, ["version", "ref"]);
        const version =
          inline ??
          (reference === undefined ? stringAt(library, ["version"]) : stringAt(value, ["versions", reference]));
        return [{ name: `${group}:${artifact}`, version: version ?? null, path: null }];
      }),
  );
}

function joined(group: string | undefined, name: string | undefined): string | undefined {
  return group !== undefined && name !== undefined ? `${group}:${name}` : undefined;
}
