import { plural } from "../core/plural.ts";
import { isApplicationCode } from "./application-code.ts";
import { languageOf } from "./collectors/languages/language-of.ts";
import { type Evidence, lineHash, type NearMiss } from "./fact.ts";
import type { Findings, UnitFacts } from "./findings.ts";
import type { Snapshot } from "./snapshot.ts";

/** More than a handful are no answer. */
const MOST = 20;
const MOST_FILES = 5_000;
/** Written around programs: nobody starts them. */
const NO_PROGRAM = new Set("Dockerfile,Makefile,HCL,HTML,CSS,SCSS,Sass,Less,TeX,Roff,Jupyter Notebook".split(","));

/** Why nothing of a repository is a service, what comes nearest to one first. */
export function almostServices({ units, snapshot }: Findings): NearMiss[] {
  const told = units.map((found) => ofUnit(found, snapshot)).sort((a, b) => b.near - a.near);
  const misses = told.length > 0 ? told.map(({ miss }) => miss) : ofCode(snapshot);
  return misses.slice(0, MOST);
}

function ofUnit({ unit, facts }: UnitFacts, snapshot: Snapshot): { near: number; miss: NearMiss } {
  const start = facts.get("start") ?? facts.get("output");
  const kind = facts.get("kind");
  const language = facts.get("language") ?? facts.get("languages");
  const about = (near: number, message: string, evidence: readonly Evidence[] | undefined) => ({
    near,
    miss: {
      fact: "service",
      unit: unit.id,
      message,
      evidence: evidence ? [...evidence] : [marked(snapshot, unit)].flat(),
    },
  });
  if (kind?.value === "library")
    return about(1, "a library or the root of a workspace: nothing starts it", kind.evidence);
  if (start)
    return about(
      3,
      `would be started by \`${String(start.value)}\`, which is too unsure: ${Math.round(start.confidence * 100)} %`,
      start.evidence,
    );
  if (language) return about(2, `${firstOf(language.value)}, and nothing says what starts it`, language.evidence);
  return about(0, `has ${unit.markers[0] ?? "a manifest"}, and no program that was understood`, undefined);
}

/** Code that nothing makes a project of: how much of which language. */
function ofCode(snapshot: Snapshot): NearMiss[] {
  const files = snapshot.paths
    .slice(0, MOST_FILES)
    .filter((path) => isApplicationCode(path, "."))
    .flatMap((path) => {
      const language = languageOf(snapshot, path);
      return language === undefined || NO_PROGRAM.has(language) ? [] : [{ language, path }];
    });
  return [...Map.groupBy(files, ({ language }) => language)]
    .sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))
    .map(([language, same]) => ({
      fact: "service",
      unit: ".",
      message: `${plural(same.length, "file")} of ${language} without a manifest, and none is named like a program`,
      evidence: same.slice(0, 1).map(({ path }) => at(snapshot, path)),
    }));
}

function marked(snapshot: Snapshot, { path, markers }: UnitFacts["unit"]): Evidence[] {
  const file = markers.map((marker) => (path === "." ? marker : `${path}/${marker}`)).find((one) => snapshot.has(one));
  return file === undefined ? [] : [at(snapshot, file)];
}

function at(snapshot: Snapshot, file: string): Evidence {
  const [first = ""] = (snapshot.text(file) ?? "").split("\n", 1);
  return { file, line: 1, col: 1, rule: "services.almost", hash: lineHash(first) };
}

function firstOf(value: unknown): string {
  return String(Array.isArray(value) ? value[0] : value);
}
