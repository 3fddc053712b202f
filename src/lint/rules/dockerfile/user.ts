import type { DockerfileInstruction } from "../../../formats/dockerfile/instruction.ts";
import type { DockerfileDocument, DockerfileStage } from "../../../formats/dockerfile/read.ts";
import { imageName, officialName } from "../../../formats/image-name.ts";
import { at, baseImageOf, dockerfileOf, inheritedInstructions, isForDevelopment, isWindows } from "../../dockerfile.ts";
import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { Rule } from "../../rule.ts";

/** Images that their makers run as another user. */
const UNPRIVILEGED = new RegExp(
  [
    "(?:^|[/:.-])(?:nonroot|unprivileged|rootless|chiseled)(?:[-:@]|$)",
    "^cgr\\.dev/",
    "(?:^|/)(?:bitnami|bitnamilegacy|chainguard|grafana|prom|keycloak|jenkins|selenium|cimg|jupyter|browserless)/",
    "(?:^|/)(?:elasticsearch|kibana|opensearch|solr|haproxy|memcached|varnish|sonarqube)(?:[:@]|$)",
    "(?:^|/)(?:n8nio/n8n|apache/airflow|puppeteer/puppeteer|gitpod/workspace-\\w+)(?:[:@]|$)",
    "(?:^|/)ubi\\d/(?:nodejs|python|openjdk|ruby|php|go-toolset)",
  ].join("|"),
  "i",
);

/** SM02 */
export const user: Rule = {
  id: "SM02",
  title: "the last USER is not root, and a number",
  help: "Whoever breaks out of a process of root is root. Kubernetes can check runAsNonRoot only where USER is a number.",
  severity: "error",
  cis: "docker 4.1",
  origins: ["DL3002", "DL3066", "CKV_DOCKER_3", "CKV_DOCKER_8"],
  kinds: ["dockerfile"],
  check(file) {
    const document = dockerfileOf(file);
    const stage = document.stages.at(-1);
    return stage ? ofImage(document, stage, file) : [];
  },
};

function ofImage(document: DockerfileDocument, stage: DockerfileStage, file: LintFile): Complaint[] {
  const last = inheritedInstructions(document, stage).findLast(({ keyword }) => keyword === "USER");
  const development = isForDevelopment(file.path);
  if (!last) {
    const base = baseImageOf(document, stage);
    if (isWindows(document, stage) || UNPRIVILEGED.test(base) || /\$/.test(base)) return [];
    return [
      at(file, placeOfEnd(stage), "no USER: the image runs as root; add a user with a number and name it at the end", {
        // The maker of another image may have set a user in it.
        ...(development || !isKnown(base) ? { severity: "warning" } : {}),
      }),
    ];
  }
  const name = nameOf(last);
  if (/^(?:root|0|ContainerAdministrator)$/i.test(name))
    return [
      at(
        file,
        last,
        `the image runs as ${name}: name another user at the end`,
        development ? { severity: "warning" } : {},
      ),
    ];
  if (/^\d+$/.test(name) || name === "" || /\$/.test(name) || isWindows(document, stage)) return [];
  return [
    at(file, last, `USER ${name} is a name: with its number Kubernetes can check that it is not root`, {
      severity: "note",
    }),
  ];
}

/** `app:app`, `"1000:1000"`, `${UID}` with its default. */
function nameOf({ expanded }: DockerfileInstruction): string {
  return (
    expanded
      .trim()
      .replace(/^["']|["']$/g, "")
      .split(/:(?![-+])/)[0] ?? ""
  ).trim();
}

/** An image of Docker itself: it runs as root where it is not listed above. */
function isKnown(image: string): boolean {
  const parts = imageName(image);
  return image === "scratch" || (parts !== undefined && officialName(parts) !== undefined);
}

function placeOfEnd(stage: DockerfileStage): { line: number; endLine: number } {
  const last = stage.instructions.findLast(({ keyword }) => keyword === "CMD" || keyword === "ENTRYPOINT");
  return last ?? { line: stage.line, endLine: stage.line };
}
