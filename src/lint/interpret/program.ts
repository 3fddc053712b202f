import type { DockerfileInstruction } from "../../formats/dockerfile/instruction.ts";
import { recordAt } from "../../formats/document.ts";
import { parseJson } from "../../formats/json.ts";
import { baseOf, type Tree } from "../../formats/tree.ts";
import { at, baseImageOf, inheritedInstructions } from "../dockerfile.ts";
import type { Complaint } from "../finding.ts";
import type { LintFile } from "../lint-file.ts";
import type { ExpectedService } from "../rule.ts";
import type { ShellStep } from "../shell.ts";
import { absolute, isBelow, isUnknown, type Layers, presenceOf, sourcesOf } from "./layers.ts";
import { type Start, startOf } from "./start.ts";
import { lacksTool } from "./tools.ts";
import type { Walked } from "./walk.ts";

/** Programs that run a file, and the endings that such a file has. */
const INTERPRETERS: Record<string, RegExp> = {
  node: /\.[cm]?[jt]s$/,
  bun: /\.[cm]?[jt]sx?$/,
  deno: /\.[cm]?[jt]sx?$/,
  tsx: /\.[cm]?[jt]sx?$/,
  python: /\.py$/,
  python3: /\.py$/,
  ruby: /\.rb$/,
  php: /\.php$/,
  java: /\.jar$/,
  dotnet: /\.dll$/,
  sh: /\.sh$/,
  bash: /\.sh$/,
  perl: /\.pl$/,
};
/** Servers that load an application by the name of its module. */
const LOADERS = new Set(["uvicorn", "gunicorn", "hypercorn", "daphne", "granian"]);

/** What cannot run of the program that an image starts. */
export function programProblems(
  file: LintFile,
  tree: Tree,
  { walked, service }: { walked: Walked; service: ExpectedService | undefined },
): Complaint[] {
  const { document, ends, context } = walked;
  const stage = document.stages.at(-1);
  const end = ends.at(-1);
  if (!stage || !end) return [];
  const start = startOf(file, document, stage);
  const port = otherPort(file, inheritedInstructions(document, stage), { start, service });
  if (!start) return port;
  // What a run mounts over the folder is not in the image; a script that starts the program may make anything before.
  const known = !start.scripted && !context.mounts.some((path) => isBelow(end.workdir, path));
  const absences = known ? start.steps.flatMap((step) => absent(file, tree, { step, start, walked })) : [];
  return [...absences, ...lacking(file, walked, start), ...port];
}

/** A program, script or module that is nowhere in the image. */
function absent(
  file: LintFile,
  tree: Tree,
  { step, start, walked }: { step: ShellStep; start: Start; walked: Walked },
): Complaint[] {
  const end = walked.ends.at(-1);
  if (!end || step.depth > 0 || !walked.context.credible) return [];
  // After a `cd` paths begin elsewhere.
  if (start.steps.some(({ argv }) => argv[0] === "cd")) return [];
  const { layers, workdir } = end;
  const [program = "", ...rest] = step.argv;
  const complain = (what: string) => [
    at(file, start.instruction, `${what} is not in the image: nothing copies or makes it`),
  ];
  if (program.includes("/")) {
    const path = absolute(workdir, program);
    if (path !== undefined && presenceOf(layers, path) === "no") return complain(path);
  }
  const name = baseOf(program);
  if (name === "npm" || name === "pnpm" || name === "yarn")
    return missingScript(file, tree, { step, start, layers, workdir });
  if (LOADERS.has(name)) return missingModule(rest, layers, workdir).flatMap(complain);
  const pattern = Object.hasOwn(INTERPRETERS, name) ? INTERPRETERS[name] : undefined;
  const script = pattern && scriptOf(rest, pattern);
  const path = script === undefined ? undefined : absolute(workdir, script);
  return path !== undefined && presenceOf(layers, path) === "no" ? complain(path) : [];
}

/** The file that an interpreter is given; undefined where its options may mean another. */
function scriptOf(rest: readonly string[], pattern: RegExp): string | undefined {
  const found = rest.findIndex((word) => !word.startsWith("-") && word !== "run" && word !== "exec");
  // `-r ./tracing.js server.js`: the value of an option stands before it.
  const script = rest.find(
    (word, at) =>
      at >= found &&
      pattern.test(word) &&
      !/^(?:-r|--require|--import|--loader|--env-file|-e|-c|-cp|-classpath|--config|--env)$/.test(rest[at - 1] ?? ""),
  );
  if (script === undefined || rest.some((word) => /^-(?:e|c|p|cp|classpath|m)$|^--eval$/.test(word))) return undefined;
  return script;
}

function missingScript(
  file: LintFile,
  tree: Tree,
  { step, start, layers, workdir }: { step: ShellStep; start: Start; layers: Layers; workdir: string },
): Complaint[] {
  const [program = "", verb = "", ...more] = step.argv;
  const path = `${workdir === "/" ? "" : workdir}/package.json`;
  const presence = presenceOf(layers, path);
  if (step.argv.some((word) => /^(?:--prefix|--cwd|-C|--dir|--filter|-w|--workspace)/.test(word))) return [];
  if (presence === "no")
    return [at(file, start.instruction, `${program} ${verb} needs ${path}, which is not in the image`)];
  const source = sourcesOf(layers, path)[0];
  const text = source === undefined ? undefined : tree.text(source);
  const name = verb === "run" ? more.find((word) => !word.startsWith("-")) : verb;
  if (text === undefined || name === undefined || !(verb === "run" || verb === "start")) return [];
  const { value, problems } = parseJson(text);
  const scripts = recordAt(value, ["scripts"]);
  if (problems.length > 0 || Object.hasOwn(scripts, name)) return [];
  // `npm start` runs server.js where nothing else is said.
  if (name === "start" && program === "npm" && presenceOf(layers, `${workdir}/server.js`) !== "no") return [];
  return [at(file, start.instruction, `${source} has no script ${name}`)];
}

/** `uvicorn app.main:app` needs app/main.py or app/main/__init__.py. */
function missingModule(rest: readonly string[], layers: Layers, workdir: string): string[] {
  if (rest.some((word) => /^(?:--app-dir|--chdir|--pythonpath|-c|--config|--factory-dir)/.test(word))) return [];
  const target = rest.find((word) => /^[A-Za-z_][\w.]*:[A-Za-z_]\w*/.test(word));
  const first = target?.split(":")[0]?.split(".") ?? [];
  if (first.length === 0 || isUnknown(layers, workdir)) return [];
  const path = `${workdir === "/" ? "" : workdir}/${first.join("/")}`;
  const top = `${workdir === "/" ? "" : workdir}/${first[0]}`;
  // A package that was installed lies elsewhere.
  if (presenceOf(layers, top) !== "yes" && first.length > 1) return [];
  return presenceOf(layers, `${path}.py`) === "no" && presenceOf(layers, path) === "no" ? [`${path}.py`] : [];
}

/** A program that the base image certainly lacks. */
function lacking(file: LintFile, { document }: Walked, { steps, instruction, scripted }: Start): Complaint[] {
  const stage = document.stages.at(-1);
  const program = steps.findLast(({ depth }) => depth === 0)?.argv[0] ?? "";
  if (!stage || scripted || !/^[\w.-]+$/.test(program) || !lacksTool(file, document, stage, program)) return [];
  return [at(file, instruction, `${baseImageOf(document, stage)} has no ${program}, and nothing installs it`)];
}

function otherPort(
  file: LintFile,
  instructions: readonly DockerfileInstruction[],
  { start, service }: { start: Start | undefined; service: ExpectedService | undefined },
): Complaint[] {
  const exposes = instructions.filter(({ keyword }) => keyword === "EXPOSE");
  const ports = exposes.flatMap(({ expanded }) => expanded.split(/\s+/).map((port) => port.replace(/\/tcp$/i, "")));
  const last = exposes.at(-1);
  if (!service?.network || service.port === null || !last || ports.some((port) => !/^\d+$/.test(port))) return [];
  if (ports.includes(String(service.port))) return [];
  // What the image itself tells the program wins over what its code says.
  const told = instructions.some(
    ({ keyword, pairs }) => keyword === "ENV" && pairs.some(({ value }) => ports.includes(value ?? "")),
  );
  const words = start?.steps.flatMap(({ argv }) => argv) ?? [];
  if (told || words.some((word) => ports.some((port) => new RegExp(`(?:^|\\D)${port}(?:\\D|$)`).test(word)))) return [];
  return [
    at(file, last, `EXPOSE says ${ports.join(", ")}, but ${service.name} listens on ${service.port}`, {
      severity: "warning",
    }),
  ];
}
