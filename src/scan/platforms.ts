import { folderOf } from "../formats/tree.ts";
import { isAside } from "./application-code.ts";
import { PLATFORMS } from "./collectors/platforms/registry.ts";
import { type Evidence, lineHash } from "./fact.ts";
import type { Snapshot } from "./snapshot.ts";

/** A platform or tool that the repository is already set up for, and the file that says so. */
export interface PlatformConfig {
  id: string;
  file: string;
  evidence: Evidence[];
}

/** Tools that are known by their files alone; `words` must stand in them. */
const BY_FILE: readonly { id: string; file: RegExp; words?: RegExp }[] = [
  { id: "kustomize", file: /(?:^|\/)kustomization\.ya?ml$|(?:^|\/)Kustomization$/ },
  { id: "skaffold", file: /(?:^|\/)skaffold\.ya?ml$/, words: /apiVersion:\s*skaffold/ },
  { id: "terraform", file: /\.tf$/ },
  { id: "aws", file: /\.tf$/, words: /^[^\S\n]*(?:provider|resource)\s+"aws(?:_\w+)?"/m },
  { id: "gcp", file: /\.tf$/, words: /^[^\S\n]*(?:provider|resource)\s+"google(?:-beta|_\w+)?"/m },
  { id: "azure", file: /\.tf$/, words: /^[^\S\n]*(?:provider|resource)\s+"azure(?:rm|rm_\w+|ad)"/m },
  { id: "digitalocean", file: /\.tf$/, words: /^[^\S\n]*provider\s+"digitalocean"/m },
  { id: "aws-cdk", file: /(?:^|\/)cdk\.json$/ },
  {
    id: "cloudformation",
    file: /(?:^|\/)(?:cloud-?formation|cfn|template|stack)[\w.-]*(?:\/.*)?\.(?:template|ya?ml|json)$/i,
    words: /^AWSTemplateFormatVersion\b/m,
  },
  { id: "pulumi", file: /(?:^|\/)Pulumi\.ya?ml$/ },
  { id: "sst", file: /(?:^|\/)sst\.config\.[jt]s$/ },
  {
    id: "elastic-beanstalk",
    file: /(?:^|\/)Dockerrun\.aws\.json$|^\.ebextensions\/|^\.elasticbeanstalk\/config\.yml$/,
  },
  { id: "ecs", file: /(?:^|\/)(?:task-?definition[\w.-]*\.json|ecs-params\.ya?ml)$/ },
  { id: "codebuild", file: /(?:^|\/)buildspec[\w.-]*\.ya?ml$/ },
  { id: "cloud-build", file: /(?:^|\/)cloudbuild[\w.-]*\.(?:ya?ml|json)$/ },
  { id: "buildpacks", file: /(?:^|\/)\.buildpacks$/ },
  { id: "buildpacks", file: /(?:^|\/)project\.toml$/, words: /^\[+(?:_|io\.buildpacks|build)\b/m },
  { id: "azure-static-web-apps", file: /(?:^|\/)staticwebapp\.config\.json$/ },
  { id: "azure-developer", file: /(?:^|\/)azure\.ya?ml$/, words: /^services:/m },
  { id: "dokku", file: /(?:^|\/)DOKKU_SCALE$|^\.dokku\// },
  { id: "drone", file: /^\.drone\.ya?ml$/ },
  { id: "woodpecker", file: /^\.woodpecker(?:\.ya?ml$|\/)/ },
  { id: "buildkite", file: /^\.buildkite\// },
  { id: "nomad", file: /\.nomad(?:\.hcl)?$/ },
  { id: "tilt", file: /(?:^|\/)Tiltfile$/ },
  { id: "devcontainer", file: /^\.devcontainer(?:\/.*)?devcontainer\.json$/ },
];
/** Families with many files: the first of a folder stands for all. */
const MANY = new Set([
  "kubernetes",
  "kustomize",
  "terraform",
  "aws",
  "gcp",
  "azure",
  "github-actions",
  "cloudformation",
  "buildkite",
  "elastic-beanstalk",
]);
/** What serves files beside a platform is no platform. */
const NONE = new Set(["web-server"]);
const PIPELINES = /^\.(?:github|gitlab|circleci|azure|buildkite|devcontainer)(?:\/|$)/;
/** Words are looked for near the root only: a repository may hold thousands of such files. */
const MOST_READ = 200;

/** Configurations of platforms, nearest to the root first; what lies among examples and tests is none. */
export function findPlatforms(snapshot: Snapshot): PlatformConfig[] {
  const read = PLATFORMS.filter(({ id }) => !NONE.has(id)).flatMap(({ id, find }) =>
    find(snapshot).map((file) => ({ id, file, line: 1 })),
  );
  const found = [...read, ...byFile(snapshot)].filter(
    ({ file }) => !isAside(folderOf(file)) || PIPELINES.test(folderOf(file)),
  );
  const depth = (path: string) => path.split("/").length;
  const sorted = found.toSorted(
    (a, b) => depth(a.file) - depth(b.file) || (a.file < b.file ? -1 : a.file > b.file ? 1 : 0),
  );
  const taken = new Set<string>();
  return sorted.flatMap(({ id, file, line }) => {
    const key = `${id} ${MANY.has(id) ? folderOf(file) : file}`;
    if (taken.has(key)) return [];
    taken.add(key);
    const text = snapshot.text(file)?.split("\n")[line - 1] ?? "";
    return [{ id, file, evidence: [{ file, line, col: 1, rule: `platforms.${id}`, hash: lineHash(text) }] }];
  });
}

function byFile(snapshot: Snapshot): { id: string; file: string; line: number }[] {
  return BY_FILE.flatMap(({ id, file: pattern, words }) => {
    const files = snapshot.paths.filter((file) => pattern.test(file));
    if (!words) return files.map((file) => ({ id, file, line: 1 }));
    return files.slice(0, MOST_READ).flatMap((file) => {
      const text = snapshot.text(file) ?? "";
      const at = text.search(words);
      return at === -1 ? [] : [{ id, file, line: text.slice(0, at).split("\n").length }];
    });
  });
}
