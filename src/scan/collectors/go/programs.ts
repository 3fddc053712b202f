import { baseOf, isIn } from "../../../formats/tree.ts";
import { oncePerSnapshot } from "../../once.ts";
import type { Snapshot } from "../../snapshot.ts";
import { deployed } from "../compiled/program-names.ts";
import { closureOf, type GoPackage, goCode, isToolFolder, moduleAt } from "./code.ts";
import { frameworkOf } from "./frameworks.ts";

export interface GoProgram {
  name: string;
  package: GoPackage;
  serves: boolean;
}

const SERVES =
  /\b(?:ListenAndServe(?:TLS)?|(?:http|fasthttp|fcgi)\.Serve(?:TLS)?|grpc\.NewServer|net\.Listen)\s*\(|\bhttp\.Server\s*\{/;

/** Folders that name nothing. */
const PLAIN = /^(?:cmd|src|main|app)$/;

/** Whether the code of a program, with what it imports, waits for requests. */
function serves(snapshot: Snapshot, packages: readonly GoPackage[]): boolean {
  if (frameworkOf(packages.flatMap(({ imports }) => imports))) return true;
  return packages.some(({ files }) => files.some((file) => SERVES.test(snapshot.code(file)?.bare ?? "")));
}

const once = oncePerSnapshot<GoProgram[]>();

/** The programs of a folder that are deployed: `cmd/*`, the root's; tools and examples are none. */
export function goPrograms(snapshot: Snapshot, site: { folder: string; units: ReadonlySet<string> }): GoProgram[] {
  return once(snapshot, site.folder, () => findPrograms(snapshot, site));
}

function findPrograms(
  snapshot: Snapshot,
  { folder, units }: { folder: string; units: ReadonlySet<string> },
): GoProgram[] {
  const mains = [...goCode(snapshot).packages.values()].filter(
    (found) => found.main && isIn(found.folder, folder) && ownerOf(found.folder, units) === folder,
  );
  const useful = mains.filter((found) => !isToolFolder(inside(found.folder, folder)));
  const programs = useful
    .toSorted((a, b) => a.folder.split("/").length - b.folder.split("/").length || (a.folder < b.folder ? -1 : 1))
    .map((found) => ({
      name:
        PLAIN.test(baseOf(found.folder)) || found.folder === folder ? ownName(snapshot, folder) : baseOf(found.folder),
      package: found,
      serves: serves(snapshot, closureOf(snapshot, found.folder)),
    }));
  return withOwnNames(deployed(programs), folder);
}

/** Folders of the same name are told apart by their path. */
function withOwnNames(programs: GoProgram[], folder: string): GoProgram[] {
  const names = Map.groupBy(programs, ({ name }) => name);
  return programs.map((program) => {
    if ((names.get(program.name)?.length ?? 0) < 2 || program.package.folder === folder) return program;
    const path = inside(program.package.folder, folder);
    const short = path.replace(/^cmd\//, "");
    return { ...program, name: (short.includes("/") ? short : path).replaceAll("/", "-") };
  });
}

/** The name that `go build` gives: the last part of the module's path, without a version. */
function ownName(snapshot: Snapshot, folder: string): string {
  const module = moduleAt(snapshot, folder);
  const path = module?.folder === folder ? module.path.replace(/\/v\d+$/, "") : folder;
  return (path === "." || path === "" ? "" : baseOf(path)) || "app";
}

function inside(path: string, folder: string): string {
  return folder === "." ? path : path.slice(folder.length + 1);
}

function ownerOf(folder: string, units: ReadonlySet<string>): string {
  for (let at = folder; at !== "."; at = at.includes("/") ? at.slice(0, at.lastIndexOf("/")) : ".")
    if (units.has(at)) return at;
  return ".";
}
