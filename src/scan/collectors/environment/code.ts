import { places } from "../../../formats/text.ts";
import { baseOf, extensionOf } from "../../../formats/tree.ts";
import type { Site } from "../../declared/reach.ts";
import { oncePerSnapshot } from "../../once.ts";
import type { Snapshot } from "../../snapshot.ts";
import { isBeside } from "./beside.ts";
import { readDotnet, readElixir } from "./languages/dotnet-elixir.ts";
import { readGo, readGoConfig, readGoTags } from "./languages/go.ts";
import { readJavascript } from "./languages/javascript.ts";
import {
  readConfigService,
  readEnvHelper,
  readImported,
  readRuntimeConfig,
} from "./languages/javascript-frameworks.ts";
import { readConfigLibraries, readSchemas } from "./languages/javascript-schemas.ts";
import { readAnnotations, readJvm } from "./languages/jvm.ts";
import { readPhp } from "./languages/php.ts";
import { readPython, readSettingsCalls } from "./languages/python.ts";
import { readPydantic } from "./languages/python-settings.ts";
import { readRuby } from "./languages/ruby.ts";
import { readClap, readEnvy, readRust } from "./languages/rust.ts";
import { readShell } from "./languages/shell.ts";
import { isQuoted } from "./quoted.ts";
import type { Found, Read, Reader } from "./read.ts";
import { readWrapped, type Wrapper, wrappersIn } from "./wrappers.ts";

const JAVASCRIPT = [readJavascript, readSchemas, readConfigLibraries, readImported, readConfigService, readEnvHelper];
const READERS: readonly [extensions: string, readers: readonly Reader[]][] = [
  ["js mjs cjs jsx ts mts cts tsx vue svelte astro", JAVASCRIPT],
  ["py", [readPython, readSettingsCalls, readPydantic]],
  ["rb ru rake", [readRuby]],
  ["go", [readGo, readGoTags, readGoConfig]],
  ["rs", [readRust, readClap, readEnvy]],
  ["java kt kts scala groovy", [readJvm, readAnnotations]],
  ["php", [readPhp]],
  ["cs fs", [readDotnet]],
  ["ex exs", [readElixir]],
  ["sh bash", [readShell]],
];
const READERS_OF = new Map(
  READERS.flatMap(([list, readers]) => list.split(" ").map((extension) => [extension, readers])),
);

/** Words between code are no code there, and an apostrophe in them is no quote; a shell looks into its strings. */
const MIXED = new Set(["php", "vue", "svelte", "astro", "sh", "bash"]);

/** Configurations of frameworks that are programs and take variables while a page is built. */
const AT_BUILD =
  /^(?:next|nuxt|vite|astro|svelte|remix|react-router|gatsby|vue|quasar|rsbuild|webpack|app)\.config\.[cm]?[jt]s$|^gatsby-config\.[jt]s$/;
/** Those that tools of the database take while they run. */
const AT_RUN = /^(?:drizzle|prisma|mikro-orm|ormconfig|database|data-source|trigger|sentry\.\w+)\.config\.[cm]?[jt]s$/;
/** What a file beside the application is worth. */
const BESIDE_WEIGHT = 0.45;

const readsOnce = oncePerSnapshot<readonly Read[]>();
const wrappersOnce = oncePerSnapshot<readonly Wrapper[]>();

/** Variables that the code of a site reads itself; found once for each snapshot. */
export function readsOfCode(snapshot: Snapshot, site: Site): readonly Read[] {
  return readsOnce(snapshot, site.id, () => codeFiles(site).flatMap((file) => readsOfFile(snapshot, file)));
}

/** Variables that calls of the project's own readers name, wherever those are written. */
export function readsOfWrappers(snapshot: Snapshot, sites: readonly Site[]): Read[] {
  const files = sites.flatMap((site) => codeFiles(site));
  const code = (file: string) => snapshot.code(file)?.code ?? "";
  const wrappers: Wrapper[] = files.flatMap((file) =>
    wrappersOnce(snapshot, file, () => wrappersIn(code(file), extensionOf(file))),
  );
  if (wrappers.length === 0) return [];
  return files.flatMap((file) => located(file, code(file), readWrapped(code(file), extensionOf(file), wrappers)));
}

function codeFiles({ files, sources }: Site): string[] {
  return [...sources, ...files.filter((path) => AT_BUILD.test(baseOf(path)) || AT_RUN.test(baseOf(path)))];
}

function readsOfFile(snapshot: Snapshot, file: string): Read[] {
  const readers = READERS_OF.get(extensionOf(file));
  const masked = readers && snapshot.code(file);
  if (readers === undefined || masked === undefined) return [];
  const { code } = masked;
  const base = baseOf(file);
  const all = base.startsWith("nuxt.config.") ? [...readers, readRuntimeConfig] : readers;
  const isMixed = MIXED.has(extensionOf(file));
  const found = all.flatMap((read) => read(code)).filter(({ at }) => isMixed || !isQuoted(masked, at));
  return located(file, code, AT_BUILD.test(base) ? found.map(atBuild) : found);
}

function atBuild(found: Found): Found {
  return found.rule === "runtime-config" ? found : { ...found, phase: "build" };
}

/** Offsets as places; what lies beside the application counts less. */
export function located(file: string, text: string, found: readonly Found[]): Read[] {
  if (found.length === 0) return [];
  const at = places(text);
  const weak = isBeside(file);
  return found.map(({ at: offset, ...read }) => ({
    ...read,
    ...(weak ? { weight: Math.min(read.weight ?? 1, BESIDE_WEIGHT) } : {}),
    file,
    ...at(offset),
  }));
}
