import { baseOf, folderOf } from "../../../formats/tree.ts";
import type { Collector, View } from "../../collector.ts";
import { portOf } from "../../command-line.ts";
import { sitesOf } from "../../declared/reach.ts";
import { ASSUMED, type Evidence, lineHash } from "../../fact.ts";
import { readsOfCode, readsOfWrappers } from "./code.ts";
import { isSecretForAll, variableOf } from "./merge.ts";
import type { Read } from "./read.ts";
import { type Listed, listedIn } from "./samples.ts";
import { readsOfSettings } from "./settings-files.ts";
import { mentionedInWorkflows } from "./workflows.ts";

const NAME = /^[A-Za-z_]\w*$/;
const MOST_EVIDENCE = 12;
/** A name of CI that nothing else knows. */
const MENTIONED = 0.3;
const SAMPLED = 0.55;

/** The variables of the environment that a unit, with the libraries of the repository that it needs, takes. */
export const environmentCollector: Collector = {
  id: "environment",
  reads: ["code", ".env.example", ".env", "application.yml", "schema.prisma", ".github/workflows/*.yml"],
  collect(view) {
    const { snapshot } = view;
    const sites = sitesOf(view);
    const reads = [
      ...sites.flatMap((site) => [...readsOfCode(snapshot, site), ...readsOfSettings(snapshot, site)]),
      ...readsOfWrappers(snapshot, sites),
    ].filter(({ name }) => NAME.test(name));
    const byName = Map.groupBy(distinct(reads), ({ name }) => name);
    const own = listedIn(snapshot, view.files, view.unit.path);
    const above = listedIn(snapshot, filesAbove(view), ".").filter(({ name }) => byName.has(name));
    const listed = Map.groupBy(
      [...own, ...above].filter(({ name }) => NAME.test(name)),
      ({ name }) => name,
    );
    const buildArguments = argumentsOf(view);
    for (const name of new Set([...byName.keys(), ...listed.keys()]))
      claim(view, name, byName.get(name) ?? [], listed.get(name) ?? [], buildArguments.has(name));
    const mentioned = mentionedInWorkflows(snapshot, view.files).filter(
      ({ name }) => !byName.has(name) && !listed.has(name),
    );
    for (const [name, places] of Map.groupBy(mentioned, (one) => one.name)) {
      const { value } = variableOf(name, { reads: [], listed: [], isArgument: false });
      const at = places.slice(0, MOST_EVIDENCE).map(({ file, line }) => view.seen(file, line, "workflow"));
      view.claimEach("env", name, value, { source: "default", confidence: MENTIONED, at });
    }
  },
};

function claim(view: View, name: string, reads: readonly Read[], listed: readonly Listed[], isArgument: boolean): void {
  const { value, confidence } = variableOf(name, { reads, listed, isArgument });
  const at = [
    ...reads.map(({ file, line, column, rule }) => view.seen(file, { line, column }, rule)),
    ...listed.map((entry) => seenKey(view, entry)),
  ].slice(0, MOST_EVIDENCE);
  // What only tools beside the application read gives way to what a platform sets.
  const source = confidence < ASSUMED ? "default" : reads.length > 0 ? "code" : "project";
  view.claimEach("env", name, value, { source, confidence, at });
  const given = name === "PORT" && reads.length > 0 ? listed.find((entry) => portOf(entry.default ?? "")) : undefined;
  // Where the code itself names no port, that of the sample is what people see it listen on.
  if (given)
    view.claim("port", Number(given.default), { source: "default", confidence: SAMPLED, at: seenKey(view, given) });
  if (isSecretForAll(value))
    view.miss("env", `${name} sounds like a secret, and its prefix compiles it into pages`, at);
}

/** Evidence at a line that holds a value: the hash is that of the key alone. */
function seenKey(view: View, { name, file, line, column, from }: Listed): Evidence {
  return { ...view.seen(file, { line, column }, from === "sample" ? "sample" : "env-file"), hash: lineHash(name) };
}

/** Several readers may see one place; the one that knows more of it counts. */
function distinct(reads: readonly Read[]): Read[] {
  const needs = ["plain", "soft", "must"];
  const knows = (read: Read) => needs.indexOf(read.need) + (read.default === undefined ? 0 : needs.length);
  const places = Map.groupBy(reads, ({ name, file, line }) => `${name} ${file}:${line}`);
  const best = [...places.values()].flatMap((same) => same.toSorted((a, b) => knows(b) - knows(a)).slice(0, 1));
  const order = new Map(reads.map(({ file }, index) => [file, index]));
  return best.sort((a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || a.line - b.line);
}

/** Files of the folders above a unit: a sample at the root speaks for the services below it. */
function filesAbove({ snapshot, unit }: View): string[] {
  const folders: string[] = [];
  for (let folder = unit.path; folder !== "."; ) {
    folder = folderOf(folder);
    folders.push(folder);
  }
  return folders.flatMap((folder) => snapshot.inFolder(folder));
}

/** What the image of a unit takes while it is built. */
function argumentsOf({ snapshot, unit }: View): Set<string> {
  const files = snapshot
    .inFolder(unit.path)
    .filter((path) => /^(?:Dockerfile|Containerfile)(?:$|\.)/.test(baseOf(path)));
  return new Set(
    files.flatMap((file) =>
      [...(snapshot.text(file) ?? "").matchAll(/^[ \t]*ARG[ \t]+([A-Za-z_]\w*)/gim)].map(([, name = ""]) => name),
    ),
  );
}
