import type { Tree } from "../formats/tree.ts";
import type { Finding } from "../lint/finding.ts";
import type { Plan } from "./plan.ts";
import { differences, type Said } from "./readback/claim.ts";
import { saidByCompose } from "./readback/compose.ts";
import { saidByDockerfile } from "./readback/dockerfile.ts";
import { saidByChart, saidByObjects } from "./readback/kubernetes.ts";
import { saidByOverlay } from "./readback/overlays.ts";
import { saidByPipeline } from "./readback/pipelines.ts";
import { saidByEnvExample, saidByPrometheus, saidByRailway, saidByVercel } from "./readback/settings.ts";
import { saidByTerraform } from "./readback/terraform.ts";

/** A file as it will be, and whether it is as it was generated. */
export interface WrittenFile {
  path: string;
  untouched: boolean;
}

type Read = (path: string, text: string, plan: Plan, tree: Tree) => Said;

const READERS: readonly [file: RegExp, read: Read][] = [
  [/(?:^|\/)Dockerfile(?:\.[\w-]+)?$/, saidByDockerfile],
  [/^compose(?:\.dev)?\.yaml$/, saidByCompose],
  [/^deploy\/k8s\/base\/[^/]+\.yaml$/, saidByObjects],
  [/^deploy\/k8s\/migrate\/[^/]+\.yaml$/, saidByObjects],
  [/^deploy\/k8s\/overlays\/[^/]+\/(?:migrate\/)?kustomization\.yaml$/, saidByOverlay],
  [/^deploy\/helm\/[^/]+\/templates\/[^/]+\.yaml$/, saidByChart],
  [/^infra\/\w+\/[^/]+\.tf$/, saidByTerraform],
  [/(?:^|\/)\.railway\/railway\.ts$/, saidByRailway],
  [/(?:^|\/)vercel\.json$/, saidByVercel],
  [/^\.github\/workflows\/[^/]+\.yml$|^\.gitlab-ci\.yml$|^Jenkinsfile$/, saidByPipeline],
  [/(?:^|\/)prometheus\.yml$/, saidByPrometheus],
  [/^\.env\.example$/, saidByEnvExample],
];

/**
 * Reads port, health path, variables, image and replicas from every file again, after merging: a port, path or image that differs
 * from the plan is an error, and so is any difference in a file nobody edited. What people took out of a file on purpose is a warning.
 */
export function readBack(plan: Plan, tree: Tree, files: readonly WrittenFile[]): Finding[] {
  return files.flatMap(({ path, untouched }) => {
    const read = READERS.find(([file]) => file.test(path))?.[1];
    const text = read && tree.text(path);
    if (!read || text === undefined) return [];
    return differences(read(path, text, plan, tree), plan).map(
      ({ message, line, vital }): Finding => ({
        rule: "readback",
        severity: vital || untouched ? "error" : "warning",
        file: path,
        line,
        message: `${message}: change the plan in stationmaster.yaml, or this file, so that both say the same`,
      }),
    );
  });
}
