import { type Place, recordAt, stringAt } from "../../../formats/document.ts";
import { places } from "../../../formats/text.ts";
import { folderOf, joinPath } from "../../../formats/tree.ts";
import { closingBracket } from "../../call-arguments.ts";
import type { Snapshot } from "../../snapshot.ts";
import { type GradleProject, gradleProjects } from "./settings.ts";

export interface GradlePlugin {
  id: string;
  file: string;
  place: Place;
  inherited: boolean;
}

/** A project of Gradle as its build files tell it; they are read as text. */
export interface GradleBuild {
  /** Its build file, or that of the settings where it has none. */
  file: string;
  folder: string;
  /** The build file without comments. */
  code: string;
  /** Where the whole build begins. */
  root: string;
  name: string;
  plugins: readonly GradlePlugin[];
}

/** The project of a folder; undefined where Gradle does not know it. */
export function gradleAt(snapshot: Snapshot, folder: string): GradleBuild | undefined {
  const project: GradleProject | undefined = gradleProjects(snapshot).get(folder);
  const own = buildFile(snapshot, folder);
  if (own === undefined && (project === undefined || project.path === ":")) return undefined;
  const root = project?.root ?? folder;
  const code = own === undefined ? "" : codeOf(snapshot, own);
  const above = root === folder ? undefined : buildFile(snapshot, root);
  const shared = above === undefined ? [] : blocksOf(snapshot, above, ["subprojects", "allprojects"]);
  const plugins = [
    ...(own === undefined ? [] : pluginsIn(snapshot, { file: own, code, offset: 0, root }, false)),
    ...shared.flatMap((part) => pluginsIn(snapshot, { ...part, root }, true)),
  ];
  const last = folder === "." ? snapshot.root : folder;
  return {
    file: own ?? project?.settings ?? "",
    folder,
    code,
    root,
    name: project?.name ?? last.slice(last.lastIndexOf("/") + 1),
    plugins,
  };
}

/** The version: of the build file, of blocks for all projects, or of `gradle.properties`. */
export function gradleVersion(snapshot: Snapshot, build: GradleBuild): { known: boolean; value: string | undefined } {
  const above = build.root === build.folder ? undefined : buildFile(snapshot, build.root);
  const shared = above === undefined ? [] : blocksOf(snapshot, above, ["subprojects", "allprojects"]);
  const codes = [build.code, ...shared.map(({ code }) => code)];
  for (const code of codes) {
    const [, literal] = /^[ \t]*(?:project\.)?version(?:\s*=\s*|\s+|\.set\()["']([^"'$\n]+)["']/m.exec(code) ?? [];
    if (literal !== undefined) return { known: true, value: literal };
  }
  for (const folder of new Set([build.folder, build.root])) {
    const text = snapshot.text(joinPath(folder, "gradle.properties") as string) ?? "";
    const version = /^[^\S\n]*version\s*[=:]\s*(\S+)/m.exec(text)?.[1];
    if (version !== undefined) return { known: true, value: version };
  }
  const computed = codes.some((code) => /^[ \t]*(?:project\.)?version\s*(?:=|\s["'])/m.test(code));
  return { known: !computed, value: undefined };
}

function buildFile(snapshot: Snapshot, folder: string): string | undefined {
  const files = ["build.gradle.kts", "build.gradle"].map((base) => joinPath(folder, base) as string);
  return files.find((file) => snapshot.has(file));
}

function codeOf(snapshot: Snapshot, file: string): string {
  return snapshot.code(file, "c")?.code ?? "";
}

interface Part {
  file: string;
  code: string;
  offset: number;
}

/** The blocks of these names in a build file. */
function blocksOf(snapshot: Snapshot, file: string, names: readonly string[]): Part[] {
  const { code, bare } = snapshot.code(file, "c") ?? { code: "", bare: "" };
  return [...bare.matchAll(new RegExp(`\\b(?:${names.join("|")})\\s*\\{`, "g"))].map(({ 0: head, index }) => {
    const open = index + head.length - 1;
    return { file, code: code.slice(open, closingBracket(bare, open)), offset: open };
  });
}

const PLUGIN =
  /\bid\s*\(?\s*["']([\w.-]+)["']\s*\)?|\bkotlin\s*\(\s*["']([\w.-]+)["']\s*\)|\balias\s*\(?\s*(\w+)\.plugins\.([\w.]+)|`([\w.-]+)`|^[ \t]*(java|application|war|groovy|scala)[ \t]*$/gm;
const APPLY = /\bapply\s*\(?\s*plugin\s*[:=]\s*["']([\w.-]+)["']/g;

function pluginsIn(snapshot: Snapshot, part: Part & { root: string }, inherited: boolean, depth = 0): GradlePlugin[] {
  const { file, code, offset, root } = part;
  const at = places(codeOf(snapshot, file));
  const found: GradlePlugin[] = [];
  const add = (id: string, index: number) => {
    found.push({ id, file, place: at(offset + index), inherited });
    if (depth < 3) found.push(...conventionPlugin(snapshot, id, root, inherited, depth));
  };
  for (const block of code.matchAll(/\bplugins\s*\{/g)) {
    const open = block.index + block[0].length - 1;
    const body = code.slice(open + 1, closingBracket(code, open));
    for (const match of body.matchAll(PLUGIN)) {
      const line = body.slice(match.index).split("\n", 1)[0] ?? "";
      if (/\bapply\s*\(?\s*false\b/.test(line.split(/[;}]/, 1)[0] ?? "")) continue;
      const [, plain, kotlin, , alias, quoted, word] = match;
      const id = plain ?? (kotlin && `org.jetbrains.kotlin.${kotlin}`) ?? quoted ?? word;
      const ids = id ? [id] : fromCatalog(snapshot, root, alias ?? "");
      for (const each of ids) add(each, open + 1 + match.index);
    }
  }
  for (const match of code.matchAll(APPLY)) if (!isInShared(code, match.index)) add(match[1] ?? "", match.index);
  return found;
}

/** What a root applies to its subprojects is not applied to itself. */
function isInShared(code: string, index: number): boolean {
  return [...code.matchAll(/\bsubprojects\s*\{|\bproject\s*\([^)]*\)\s*\{/g)].some(({ 0: head, index: from }) => {
    const open = from + head.length - 1;
    return index > open && index < closingBracket(code, open);
  });
}

/** A plugin that the build itself holds, as a script of its name: `buildSrc/src/main/kotlin/app.service.gradle.kts`. */
function conventionPlugin(
  snapshot: Snapshot,
  id: string,
  root: string,
  inherited: boolean,
  depth: number,
): GradlePlugin[] {
  const file = [...snapshot.named(`${id}.gradle.kts`), ...snapshot.named(`${id}.gradle`)].find((path) =>
    /(?:^|\/)src\/main\/(?:kotlin|groovy)(?:\/|$)/.test(folderOf(path)),
  );
  if (file === undefined) return [];
  return pluginsIn(snapshot, { file, code: codeOf(snapshot, file), offset: 0, root }, inherited, depth + 1);
}

function fromCatalog(snapshot: Snapshot, root: string, alias: string): string[] {
  const document = snapshot.toml(joinPath(root, "gradle/libs.versions.toml") as string);
  const plain = (name: string) => name.replace(/[-_.]/g, ".").toLowerCase();
  return Object.entries(recordAt(document.value, ["plugins"])).flatMap(([name, value]) => {
    const id = stringAt(value, ["id"]) ?? stringAt(value)?.split(":", 1)[0];
    return id !== undefined && plain(name) === plain(alias) ? [id] : [];
  });
}
