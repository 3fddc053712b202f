import { baseOf, folderOf, joinPath } from "../../../formats/tree.ts";
import type { Collector, View } from "../../collector.ts";
import { hitsIn } from "../../search.ts";
import { closureOf, folderOfImport, type GoModule, goCode, moduleAt } from "./code.ts";
import { claimProgram } from "./program.ts";
import { goPrograms } from "./programs.ts";

/** Modules of Go: what `go.mod` says, and the programs below it. */
export const goCollector: Collector = {
  id: "go",
  reads: ["go.mod", "go.work", "*.go"],
  collect(view) {
    const { snapshot, unit, files } = view;
    const own = files.filter((file) => file.endsWith(".go"));
    if (own.length === 0) return claimWorkRoot(view);
    const module = moduleAt(snapshot, unit.path);
    const programs = goPrograms(snapshot, { folder: unit.path, units: new Set(view.units.map(({ path }) => path)) });
    if (!unit.markers.includes("go.mod") && programs.length === 0) return;
    const program = programs.find(({ name }) => name === unit.program) ?? programs[0];
    const at = program?.package.main
      ? view.seen(program.package.main.file, program.package.main.line, "main")
      : view.seen(module?.file ?? own[0] ?? "", 1, "module");
    view.claim("language", "Go", module?.folder === unit.path ? { source: "project", at } : { source: "code", at });
    if (module) claimModule(view, module, program?.package.folder);
    else view.claim("runtime", { name: "go", version: null }, { source: "code", at });
    if (program) claimProgram(view, program);
    else if (module && !claimFunctions(view)) {
      const has = view.sources.find((file) => file.endsWith(".go"));
      if (has)
        view.claim("kind", "library", { source: "code", confidence: 0.8, at: view.seen(module.file, 1, "no-program") });
    }
  },
};

const FUNCTIONS = "github.com/GoogleCloudPlatform/functions-framework-go/functions";

/** Functions that a host starts have no program of their own. */
function claimFunctions(view: View): boolean {
  const packages = [...goCode(view.snapshot).packages.values()];
  const found = packages
    .flatMap(({ imports }) => imports)
    .find(({ path, file }) => path === FUNCTIONS && view.sources.includes(file));
  if (!found) return false;
  const at = view.seen(found.file, found.line, "functions");
  view.claim("framework", "functions-framework", { source: "code", at });
  view.claim("kind", "api", { source: "code", confidence: 0.8, at });
  view.miss("start", "the host of the functions starts it", at);
  return true;
}

function claimModule(view: View, module: GoModule, program: string | undefined): void {
  const { snapshot, unit } = view;
  const { file } = module;
  const text = snapshot.text(file) ?? "";
  const directive = (name: string, value: string) =>
    hitsIn(text, new RegExp(`^\\s*${name}\\s+${value}`, "gm"), file)[0];
  const path = directive("module", '"?([^\\s"]+)');
  const name = baseOf(module.path.replace(/\/v\d+$/, ""));
  const version = directive("go", "(\\d[\\w.]*)") ?? directive("toolchain", "go(\\d[\\w.]*)");
  view.claim(
    "runtime",
    { name: "go", version: version?.match[1] ?? null },
    { source: "project", at: view.seen(file, version?.place, "version") },
  );
  const declared = { source: "project", at: view.seen(file, path?.place, "module") } as const;
  view.claim("packageManager", "go", declared);
  if (name && module.folder === unit.path) view.claim("name", name, declared);
  view.claim("install", "go mod download", { source: "convention", confidence: 0.8, at: declared.at });
  const tests = view.files.find((each) => each.endsWith("_test.go"));
  if (tests)
    view.claim("test", "go test ./...", { source: "convention", confidence: 0.8, at: view.seen(tests, 1, "tests") });
  claimNeighbours(view, module, program);
}

/** Other modules of the repository that this one builds with. */
function claimNeighbours(view: View, module: GoModule, program: string | undefined): void {
  const { snapshot, unit } = view;
  const work = snapshot
    .named("go.work")
    .find((file) => usedBy(snapshot.text(file) ?? "", folderOf(file)).includes(module.folder));
  if (work) view.claim("workspace", folderOf(work), { source: "project", at: view.seen(work, 1, "work") });
  else if (module.folder !== unit.path)
    view.claim("workspace", module.folder, { source: "project", at: view.seen(module.file, 1, "module") });
  const replaces = hitsIn(
    snapshot.text(module.file) ?? "",
    /^[^\S\n]*(?:replace\s+)?\S+(?:\s+v\S+)?\s+=>\s+(\.\.?\/\S*)/gm,
    module.file,
  );
  for (const { match, place } of replaces) {
    const folder = joinPath(module.folder, match[1] ?? "");
    if (folder && snapshot.has(`${folder}/go.mod`))
      view.claimEach(
        "internal",
        folder,
        { path: folder },
        { source: "project", at: view.seen(module.file, place, "replace") },
      );
  }
  const packages =
    program === undefined
      ? [...goCode(snapshot).packages.values()].filter(({ files }) => files.some((file) => view.files.includes(file)))
      : closureOf(snapshot, program);
  for (const found of packages.flatMap(({ imports }) => imports)) {
    const folder = folderOfImport(snapshot, found.path);
    const other = folder === undefined ? undefined : moduleAt(snapshot, folder);
    if (!other || other.folder === module.folder) continue;
    view.claimEach(
      "internal",
      other.folder,
      { path: other.folder },
      { source: "code", at: view.seen(found.file, found.line, "import") },
    );
  }
}

/** The root of `go.work` alone is nothing to deploy. */
function claimWorkRoot(view: View): void {
  if (!view.unit.markers.includes("go.work")) return;
  const file = view.path("go.work") ?? "go.work";
  view.claim("kind", "library", { source: "convention", at: view.seen(file, 1, "work") });
}

function usedBy(text: string, folder: string): (string | undefined)[] {
  const blocks = [...text.replace(/\/\/.*$/gm, "").matchAll(/^[^\S\n]*use\s*(\([^)]*\)|\S+)/gm)].map(
    ([, body = ""]) => body,
  );
  return blocks
    .flatMap((body) => body.replace(/[()]/g, " ").split(/\s+/))
    .filter(Boolean)
    .map((path) => joinPath(folder, path.replace(/"/g, "")));
}
