import type { DockerfileDocument, DockerfileStage } from "../../../formats/dockerfile/read.ts";
import { baseOf } from "../../../formats/tree.ts";
import {
  at,
  baseImageOf,
  commandsOf,
  dockerfileOf,
  inheritedInstructions,
  isForDevelopment,
  isWindows,
} from "../../dockerfile.ts";
import type { Complaint } from "../../finding.ts";
import { contentsOf } from "../../interpret/base-images.ts";
import { contextOf } from "../../interpret/context.ts";
import { type Start, startOf } from "../../interpret/start.ts";
import type { LintFile } from "../../lint-file.ts";
import type { Rule, RuleContext } from "../../rule.ts";
import { loopbackOf } from "./loopback.ts";

/** Platforms that say by PORT where to listen, by their files. */
const GIVES_PORT = /(?:^|\/)(?:railway\.(?:json|toml)|render\.ya?ml|heroku\.yml|\.railway\/railway\.ts)$/;
const RUNNERS: Record<string, RegExp> = {
  npm: /^(?:start|run|run-script|exec)$/,
  yarn: /^(?!node$|-)\S+$/,
  pnpm: /^(?:start|run|exec)$|^(?!-)\S+$/,
  lerna: /^run$/,
  turbo: /^run$/,
};

/** SM13 */
export const startProgram: Rule = {
  id: "SM13",
  title: "the port of the platform, an address that can be reached, a program that stops on a signal",
  help: "Platforms give PORT and send SIGTERM. A package manager as process 1 keeps the signal for itself, so the program is killed in the middle of requests.",
  severity: "warning",
  origins: [],
  kinds: ["dockerfile"],
  check(file, context) {
    const document = dockerfileOf(file);
    const stage = document.stages.at(-1);
    if (!stage || isWindows(document, stage)) return [];
    const start = startOf(file, document, stage);
    const blocked = start ? [...runner(file, start), ...waitingShell(file, document, { stage, start })] : [];
    return [
      ...fixedPort(file, document, { stage, context }),
      ...deafSignal(file, document, stage),
      ...blocked.slice(0, 1),
      ...(start ? loopback(file, document, { stage, start, context }) : []),
    ];
  },
};

function fixedPort(
  file: LintFile,
  document: DockerfileDocument,
  { stage, context }: { stage: DockerfileStage; context: RuleContext },
): Complaint[] {
  const platform = context.tree.paths.find((path) => GIVES_PORT.test(path));
  if (platform === undefined || isForDevelopment(file.path)) return [];
  return inheritedInstructions(document, stage).flatMap(({ keyword, pairs }) =>
    keyword === "ENV"
      ? pairs
          .filter(({ name, value }) => name === "PORT" && /^["']?\d+["']?$/.test(value ?? ""))
          .map(({ line, value }) =>
            at(
              file,
              { line, endLine: line },
              `PORT is given by the platform (${platform}): ENV PORT=${value} hides that; let the program have the default`,
            ),
          )
      : [],
  );
}

function runner(file: LintFile, { instruction, steps, init }: Start): Complaint[] {
  const last = steps.findLast(({ depth }) => depth === 0);
  const program = baseOf(last?.argv[0] ?? "");
  const verb = last?.argv.slice(1).find((word) => !word.startsWith("-"));
  const pattern = Object.hasOwn(RUNNERS, program) ? RUNNERS[program] : undefined;
  if (init || isForDevelopment(file.path) || !pattern || verb === undefined || !pattern.test(verb)) return [];
  return [
    at(
      file,
      instruction,
      `${program} ${verb} is process 1 and does not hand on the signal to stop: start the program itself, as its script does`,
    ),
  ];
}

/** Nobody can prepare for SIGKILL. */
function deafSignal(file: LintFile, document: DockerfileDocument, stage: DockerfileStage): Complaint[] {
  const last = inheritedInstructions(document, stage).findLast(({ keyword }) => keyword === "STOPSIGNAL");
  if (!last || !/^["']?(?:(?:SIG)?KILL|9)["']?$/i.test(last.expanded.trim())) return [];
  return [at(file, last, "SIGKILL ends the program in the middle of requests: leave STOPSIGNAL out, or name SIGTERM")];
}

/** `sh` of Debian waits beside the last command of `sh -c` and hands on no signal; that of Alpine, and bash, make room for it. */
function waitingShell(
  file: LintFile,
  document: DockerfileDocument,
  { stage, start: { instruction, init } }: { stage: DockerfileStage; start: Start },
): Complaint[] {
  const [program = "", flag = ""] = instruction.exec ?? [];
  if (init || isForDevelopment(file.path) || baseOf(program) !== "sh" || !/^-[a-z]*c$/.test(flag)) return [];
  if (!contentsOf(baseImageOf(document, stage))?.has.includes("bash")) return [];
  const steps = commandsOf(file, instruction).filter(({ depth }) => depth === 0);
  const last = steps.at(-1);
  // Whoever traps or waits knows what comes.
  if (!last || steps.some(({ argv, next }) => /^(?:exec|trap|wait)$/.test(argv[0] ?? "") || next === "&")) return [];
  return [
    at(
      file,
      instruction,
      `sh stays process 1 and does not hand on the signal to stop: write exec before ${last.argv[0] ?? "the program"}`,
    ),
  ];
}

function loopback(
  file: LintFile,
  document: DockerfileDocument,
  { stage, start, context }: { stage: DockerfileStage; start: Start; context: RuleContext },
): Complaint[] {
  const last = start.steps.findLast(({ depth }) => depth === 0);
  if (!last) return [];
  const site = contextOf(file, context);
  const all = inheritedInstructions(document, stage);
  const message = loopbackOf({
    argv: last.argv,
    env: { ...stage.env, ...last.env },
    port: context.tree.paths.some((path) => GIVES_PORT.test(path)),
    has: (name) => site.allOf(".").some((path) => baseOf(path) === name),
  });
  if (message === undefined) return [];
  const exposed = all.some(({ keyword }) => keyword === "EXPOSE");
  return [at(file, start.instruction, message, exposed ? { severity: "error" } : {})];
}
