import { folderOf, joinPath } from "../../formats/tree.ts";
import { shellCommands } from "../command-line.ts";
import { type Evidence, type FactName, type Kind, lineHash } from "../fact.ts";
import { factValue, type Service } from "../services.ts";
import type { Snapshot } from "../snapshot.ts";

/** A service, as the rules about gaps see it. */
export interface GapSite {
  service: Service;
  snapshot: Snapshot;
  kind: Kind | undefined;
  /** Waits for requests with a program of its own. */
  isServer: boolean;
  framework: string | undefined;
  language: string | undefined;
  /** Where the application begins: the place for what it lacks. */
  entry: Evidence;
  /** Its own code, without tests and examples. */
  sources: readonly string[];
}

const SERVER: readonly Kind[] = ["web", "api", "ssr"];

/** Looks at a service once, for all rules. */
export function gapSite(service: Service, snapshot: Snapshot, sources: readonly string[]): GapSite {
  const kind = factValue(service, "kind");
  return {
    service,
    snapshot,
    kind,
    isServer: kind !== undefined && SERVER.includes(kind),
    framework: factValue(service, "framework"),
    language: factValue(service, "language"),
    sources,
    entry: entryOf(service, snapshot, sources),
  };
}

/** Evidence at a line of a file, for what no fact holds. */
export function evidenceAt(snapshot: Snapshot, file: string, line: number, rule: string): Evidence {
  const text = snapshot.text(file)?.split("\n")[line - 1] ?? "";
  return { file, line, col: 1, rule: `gap.${rule}`, hash: lineHash(text) };
}

const CODE = /\.(?:[cm]?[jt]sx?|py|go|rs|rb|ru|php|java|kt|cs|exs?)$/;
const COMMON = /(?:^|\/)(?:main|server|index|app|program|wsgi|asgi|application)\.\w+$/i;

/** The file that starts the application, as far as facts, the start command or its name tell. */
function entryOf(service: Service, snapshot: Snapshot, sources: readonly string[]): Evidence {
  const names: FactName[] = ["port", "bind", "framework", "start"];
  const seen = names.flatMap((name) => service.facts.get(name)?.evidence ?? []);
  const inCode = seen.filter(({ file }) => CODE.test(file) && sources.includes(file));
  const begins = startedFile(service, snapshot);
  // A port is often read in a module of settings: the program begins elsewhere.
  const there = begins === undefined ? inCode[0] : inCode.find(({ file }) => file === begins);
  if (there) return there;
  const started =
    begins ?? sources.filter((file) => COMMON.test(file)).sort((a, b) => a.split("/").length - b.split("/").length)[0];
  if (started !== undefined) return evidenceAt(snapshot, started, 1, "entry");
  const [manifest] = [
    ...seen,
    ...(service.facts.get("language")?.evidence ?? []),
    ...[...service.facts.values()].flatMap(({ evidence }) => evidence),
  ];
  return manifest ?? { file: service.unit.path, line: 1, col: 1, rule: "gap.entry", hash: lineHash("") };
}

/** `node dist/server.js` starts `src/server.ts`. */
function startedFile({ unit, facts }: Service, snapshot: Snapshot): string | undefined {
  const start = facts.get("start")?.value;
  const words = typeof start === "string" ? shellCommands(start).flatMap(({ argv }) => argv) : [];
  return words
    .filter((word) => !word.startsWith("-"))
    .flatMap((word) => {
      const module = /^([\w.]+):\w+$/.exec(word)?.[1]?.replaceAll(".", "/");
      const source = word.replace(/^(?:\.\/)?(?:dist|build|out|lib)\//, "src/").replace(/\.(?:js|mjs|cjs)$/, "");
      return [
        word,
        ...(module === undefined ? [] : [`${module}.py`, `src/${module}.py`]),
        `${source}.ts`,
        `${source}.js`,
        `${source}.mts`,
      ];
    })
    .map((word) => joinPath(unit.path, word))
    .find(
      (path): path is string => path !== undefined && CODE.test(path) && snapshot.has(path) && folderOf(path) !== "",
    );
}
