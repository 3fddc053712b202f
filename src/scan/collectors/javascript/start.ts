import { joinPath } from "../../../formats/tree.ts";
import { builtPath } from "./built.ts";
import { fileOf } from "./commands/launch.ts";
import { commandText } from "./commands/step.ts";
import { type Declared, declaredStart, developedStart } from "./declared-start.ts";
import { entryOf } from "./entry.ts";
import { startFromEntry } from "./entry-start.ts";
import type { FoundFramework } from "./framework.ts";
import type { Project } from "./project.ts";
import type { Question, Start } from "./started.ts";

/** How the package is started in production; undefined where nothing starts, or nobody can know how. */
export function startOf(question: Question): Start | undefined {
  const { project, framework, site } = question;
  const role = framework?.row.role;
  const declared = declaredStart(project, { others: role !== "client" && !(site && !framework) });
  const exported = site?.render?.value === "export" || site?.kind === "static";
  const wrong = declared && (exported ? isOwnServer(declared, framework) : declared.role === "static" && site?.start);
  if (declared && !wrong) {
    const found = fromScript(question, declared);
    if (found) return found;
  }
  if (site?.start) {
    const { value, source, confidence, at } = site.start;
    return {
      command: value,
      source,
      confidence,
      at: [at],
      program: value.split(" ")[0] ?? "",
      entry: undefined,
      static: false,
    };
  }
  if (role === "site" && framework?.row.id !== "adonis" && framework?.row.id !== "sails") return undefined;
  if ((role === "client" || (site && !framework)) && !declared) return undefined;
  const developed = developedStart(project);
  return (developed && fromScript(question, developed, 0.75)) ?? startFromEntry(question);
}

/** A server of the framework cannot serve what was exported to files, as a preview is no server for what renders. */
function isOwnServer({ step: { argv } }: Declared, framework: FoundFramework | undefined): boolean {
  const [program = "", verb] = argv;
  return (framework?.row.programs ?? []).includes(program) && (verb === "start" || program.endsWith("-serve"));
}

function fromScript(
  { project, framework }: Question,
  { step, role, changed, ambiguous, at }: Declared,
  worth = 1,
): Start | undefined {
  const { view, exists } = project;
  const written = fileOf(step.argv);
  const path = written === undefined || step.folder !== view.unit.path ? undefined : written.replace(/^\.\//, "");
  const entry =
    path === undefined ? undefined : /^\.?\/?$/.test(path) ? entryOf(project)?.file : sourceOf(project, path);
  const program = step.argv[0] ?? "";
  const folder = role === "static" ? servedFolder(step.argv) : undefined;
  const base = { source: "project" as const, at, static: role === "static", program, folder };
  // What watches sources runs them in production only where nothing builds them.
  const built = changed && entry !== undefined && role === "runner" ? builtPath(project, entry) : undefined;
  if (built !== undefined) return { ...base, command: `node ${built}`, confidence: 0.75, program: "node", entry };
  const typed = path?.replace(/\.js$/, ".ts") ?? "";
  const adonis = framework?.row.id === "adonis" && path !== undefined && !exists(path) && exists(typed);
  const argv = adonis ? step.argv.map((word) => (word === written ? `build/${path}` : word)) : step.argv;
  const confidence = Math.min(worth, ambiguous ? 0.6 : changed ? 0.8 : 1);
  return { ...base, command: commandText({ ...step, argv }, view.unit.path), confidence, entry };
}

const STATIC_SERVERS = /^(?:serve|http-server|sirv|sirv-cli|local-web-server|static-server|angular-http-server)$/;
const VALUED = new Set("-p --port -l --listen -a -c --config -H --host -C -K -t -d -P".split(" "));

function servedFolder([program = "", ...args]: readonly string[]): string | undefined {
  if (!STATIC_SERVERS.test(program)) return undefined;
  const word = args.find((one, index) => !one.startsWith("-") && !VALUED.has(args[index - 1] ?? ""));
  return joinPath(".", word ?? ".");
}

/** The source of the file that a command runs: itself, or what it is built of. */
function sourceOf(project: Project, path: string): string | undefined {
  const { view } = project;
  const own = [path, `${path}.js`, `${path}.ts`, `${path}/index.js`, `${path}/index.ts`].map((one) => view.path(one));
  const here = own.find((one) => one !== undefined && view.snapshot.has(one));
  if (here !== undefined) return here;
  const plain = path
    .replace(/\.[cm]?js$/, "")
    .replace(/^(?:\.\/)?(?:dist|build|lib|out|output|\.build|bin|prod)\//, "");
  const parts = plain.split("/");
  const inner = [...parts.slice(0, -1), "src", parts.at(-1)].join("/");
  const bases = [
    inner,
    `src/${plain}`,
    plain,
    `src/${plain.replace(/^src\//, "")}`,
    `server/${plain}`,
    `${plain}/index`,
    `src/${plain}/index`,
  ];
  const ends = [".ts", ".js", ".mts", ".mjs", ".tsx"];
  return bases
    .flatMap((base) => ends.map((end) => view.path(base + end)))
    .find((one) => one !== undefined && view.snapshot.has(one));
}
