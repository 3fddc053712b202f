import { stringAt, valueAt } from "../../../formats/document.ts";
import { joinPath } from "../../../formats/tree.ts";
import type { Evidence, Source } from "../../fact.ts";
import { builtPath, inside } from "./built.ts";
import { fileOf } from "./commands/launch.ts";
import { commandText } from "./commands/step.ts";
import { type Declared, declaredStart, developedStart } from "./declared-start.ts";
import { entryOf, runLine, works } from "./entry.ts";
import type { FoundFramework } from "./framework.ts";
import type { Project } from "./project.ts";
import { isClient } from "./sites/bundle.ts";
import type { Site } from "./sites/site.ts";

export interface Start {
  command: string;
  source: Source;
  confidence: number;
  at: Evidence[];
  /** The program that runs: `node`, `next`. */
  program: string;
  /** The source file it begins with, from the root, where that is known. */
  entry: string | undefined;
  /** Whether it serves built files as they are. */
  static: boolean;
  /** The folder that it serves then, where the command names it. */
  folder?: string | undefined;
}

interface Question {
  project: Project;
  framework: FoundFramework | undefined;
  site: Site | undefined;
  runtime: "node" | "bun";
  /** Whether nothing but a library is likely here. */
  library: boolean;
}

/** How the package is started in production; undefined where nothing starts, or nobody can know how. */
export function startOf(question: Question): Start | undefined {
  const { project, framework, site } = question;
  const role = framework?.row.role;
  const declared = declaredStart(project, { others: role !== "client" });
  const exported = site?.render?.value === "export" || site?.kind === "static";
  if (declared && !(exported && isOwnServer(declared, framework))) {
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
  return (developed && fromScript(question, developed, 0.75)) ?? fromEntry(question);
}

/** A server of the framework cannot serve what was exported to files. */
function isOwnServer({ step: { argv } }: Declared, framework: FoundFramework | undefined): boolean {
  return argv[1] === "start" && (framework?.row.programs ?? []).includes(argv[0] ?? "");
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
  if (built !== undefined)
    return { ...base, command: `node ${inside(project, built)}`, confidence: 0.75, program: "node", entry };
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

function fromEntry({ project, framework, runtime, library }: Question): Start | undefined {
  const { exists, view, at } = project;
  const named = (command: string, file: string): Start => ({
    command,
    source: "convention",
    confidence: 0.7,
    at: [view.seen(view.path(file) ?? file, 1, "entry")],
    program: "node",
    entry: view.path(file),
    static: false,
  });
  if (framework?.row.id === "adonis") {
    const rows = [
      ["bin/server.ts", "node build/bin/server.js"],
      ["server.ts", "node build/server.js"],
      ["server.js", "node server.js"],
    ] as const;
    const row = rows.find(([file]) => exists(file));
    return row && named(row[1], row[0]);
  }
  const entry = entryOf(project);
  if (!entry) return undefined;
  if (framework?.row.id === "nest" && inside(project, entry.file) === "src/main.ts")
    return { ...named("node dist/main", "src/main.ts"), confidence: 0.8 };
  const server = framework?.row.role === "server";
  const client = isClient(project);
  if (client === "device" || (client === "browser" && !entry.serves)) {
    view.miss(
      "start",
      `${client === "device" ? "is a program for people's machines" : "is code for browsers"}`,
      entry.at,
    );
    return undefined;
  }
  // A package of a workspace that nothing starts is there for the others.
  if ((library || project.workspace) && !server && !entry.serves) return undefined;
  const line = runLine(project, entry.file, runtime);
  if (!line) return undefined;
  // A file alone may be anything: it counts where it serves, works on, or is what the manifest names.
  const declared =
    stringAt(project.manifest.data, ["main"]) !== undefined ||
    valueAt(project.manifest.data, ["scripts", "start"]) !== undefined;
  const typed = /\.[cm]?ts$/.test(entry.file);
  const worth = entry.serves ? 0.8 : works(project, entry.file) ? 0.7 : declared && !typed ? 0.6 : 0.5;
  if (handles(project, entry.file) && !entry.serves) {
    view.miss("start", "exports a handler that a host calls", entry.at);
    return undefined;
  }
  return {
    command: line.command,
    source: "convention",
    confidence: line.sure ? worth : worth - 0.25,
    at: [entry.at, ...(entry.serves ? [] : [at([], "no-start-script")])],
    program: line.command.split(" ")[0] ?? "node",
    entry: entry.file,
    static: false,
  };
}

/** Functions that a host calls have no program of their own. */
function handles({ view, has }: Project, file: string): boolean {
  const code = view.snapshot.code(file, "javascript")?.code ?? "";
  return (
    /\bexports\.handler\s*=|\bexport\s+(?:const|async function|function)\s+handler\b|\bexport\s+default\s+(?!\{\s*name)/.test(
      code,
    ) || ["wrangler", "serverless", "aws-cdk", "@cloudflare/workers-types"].some((name) => has(name) !== undefined)
  );
}
