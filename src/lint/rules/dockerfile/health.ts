import type { DockerfileInstruction } from "../../../formats/dockerfile/instruction.ts";
import type { DockerfileDocument, DockerfileStage } from "../../../formats/dockerfile/read.ts";
import { baseOf } from "../../../formats/tree.ts";
import {
  at,
  baseImageOf,
  commandsOf,
  commandsOfList,
  dockerfileOf,
  inheritedInstructions,
  isForDevelopment,
  isWindows,
} from "../../dockerfile.ts";
import type { Complaint } from "../../finding.ts";
import { lacksTool } from "../../interpret/tools.ts";
import type { LintFile } from "../../lint-file.ts";
import type { Rule, RuleContext } from "../../rule.ts";
import { serviceOf } from "../../services.ts";

/** SM03 */
export const health: Rule = {
  id: "SM03",
  title: "a health check for services that requests reach, by a tool the image has",
  help: "Without one a container that hangs counts as healthy, and nothing waits for it to be ready. Use the runtime itself or the wget of busybox.",
  severity: "warning",
  cis: "docker 4.6",
  origins: ["CKV_DOCKER_2", "DL3057"],
  kinds: ["dockerfile"],
  check(file, context) {
    const document = dockerfileOf(file);
    const stage = document.stages.at(-1);
    if (!stage || isWindows(document, stage)) return [];
    const checks = inheritedInstructions(document, stage).filter(({ keyword }) => keyword === "HEALTHCHECK");
    const last = checks.at(-1);
    const repeated = stage.instructions
      .filter(({ keyword }) => keyword === "HEALTHCHECK")
      .slice(0, -1)
      .map((lost) => at(file, lost, "only the last HEALTHCHECK counts: remove this one"));
    if (last && !/^none$/i.test(last.argument)) return [...repeated, ...missingTool(file, document, stage, last)];
    return isServer(document, stage, file, context) ? [...repeated, missing(file, document, stage, last)] : repeated;
  },
};

function isServer(
  document: DockerfileDocument,
  stage: DockerfileStage,
  file: LintFile,
  { services }: RuleContext,
): boolean {
  if (isForDevelopment(file.path) || /(?:^|\/)lambda\//.test(baseImageOf(document, stage))) return false;
  const service = serviceOf(file, services);
  if (service) return service.network;
  return inheritedInstructions(document, stage).some(
    ({ keyword, expanded }) => keyword === "EXPOSE" && expanded.split(/\s+/).some((port) => !/\/udp$/i.test(port)),
  );
}

function missing(
  file: LintFile,
  document: DockerfileDocument,
  stage: DockerfileStage,
  none: DockerfileInstruction | undefined,
): Complaint {
  const where = none ??
    stage.instructions.findLast(({ keyword }) => keyword === "EXPOSE") ?? { line: stage.line, endLine: stage.line };
  const by = probeOf(baseImageOf(document, stage));
  return at(file, where, `no HEALTHCHECK, though requests reach it: ask its health route by ${by}`);
}

function probeOf(image: string): string {
  const name = baseOf(image).replace(/[:@].*$/, "");
  if (/^(?:node|bun|deno|python|php|ruby)$/.test(name)) return `${name} itself`;
  if (/distroless|scratch|chiseled/.test(image)) return "an option of the program itself";
  return /alpine|caddy|busybox/.test(image) ? "wget of busybox" : "a tool that the image has";
}

/** A check by a tool that is not there makes each container unhealthy. */
function missingTool(
  file: LintFile,
  document: DockerfileDocument,
  stage: DockerfileStage,
  check: DockerfileInstruction,
): Complaint[] {
  const steps = probeSteps(file, check);
  const shell = /^CMD\s+\[/i.test(check.argument) ? [] : ["sh"];
  const tools = [...shell, ...steps.map(({ argv }) => baseOf(argv[0] ?? ""))];
  const absent = tools.find((tool) => /^[\w.-]+$/.test(tool) && lacksTool(file, document, stage, tool));
  if (absent === undefined) return [];
  const image = baseImageOf(document, stage);
  return [
    at(file, check, `the health check needs ${absent}, which ${image} does not have: it can never pass`, {
      severity: "error",
    }),
  ];
}

function probeSteps(file: LintFile, check: DockerfileInstruction) {
  const list = /^CMD\s+(\[.*\])\s*$/is.exec(check.argument)?.[1];
  if (list === undefined) return commandsOf(file, check);
  try {
    const words: unknown = JSON.parse(list);
    return Array.isArray(words) ? commandsOfList(words.map(String), check) : [];
  } catch {
    return [];
  }
}
