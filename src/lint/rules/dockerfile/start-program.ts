import type { DockerfileDocument, DockerfileStage } from "../../../formats/dockerfile/read.ts";
import { baseOf } from "../../../formats/tree.ts";
import { at, dockerfileOf, inheritedInstructions, isForDevelopment, isWindows } from "../../dockerfile.ts";
import type { Complaint } from "../../finding.ts";
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
    return [
      ...fixedPort(file, document, { stage, context }),
      ...(start ? [...runner(file, start), ...loopback(file, document, { stage, start, context })] : []),
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
