import { baseOf, extensionOf } from "../formats/tree.ts";

/** Kinds of files that rules know. */
export type FileKind =
  | "dockerfile"
  | "dockerignore"
  | "compose"
  | "github-actions"
  | "gitlab-ci"
  | "jenkinsfile"
  | "kubernetes"
  | "kustomize"
  | "helm"
  | "terraform"
  | "prometheus-rules"
  | "prometheus-tests"
  | "prometheus"
  | "alertmanager"
  | "grafana"
  | "dotenv-example"
  | "railway"
  | "vercel";

/** Templates of other tools: what they make is a Dockerfile, they are none. */
const TEMPLATE = /\.(?:j2|jinja2?|tpl|tmpl|erb|ejs|mustache|hbs|gotmpl)$/i;

const BY_PATH: readonly (readonly [FileKind, RegExp])[] = [
  ["dockerignore", /(?:^|\/)[^/]*\.dockerignore$/],
  [
    "dockerfile",
    /(?:^|\/)(?:[\w.-]+\.)?(?:dockerfile|containerfile)$|(?:^|\/)(?:dockerfile|containerfile)(?:[.-][\w.-]+)?$/i,
  ],
  ["compose", /(?:^|\/)(?:[\w-]+[.-])?(?:docker-)?compose(?:[._-][\w-]+)*\.ya?ml$/],
  ["github-actions", /(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$|(?:^|\/)action\.ya?ml$/],
  ["gitlab-ci", /(?:^|\/)\.gitlab-ci\.ya?ml$|(?:^|\/)\.gitlab\/ci\/[^/]+\.ya?ml$/],
  ["jenkinsfile", /(?:^|\/)Jenkinsfile(?:\.[\w-]+)?$/],
  ["kustomize", /(?:^|\/)kustomization\.ya?ml$|(?:^|\/)Kustomization$/],
  ["helm", /(?:^|\/)(?:Chart\.ya?ml|values(?:[.-][\w-]+)?\.ya?ml|templates\/[^/]+\.(?:ya?ml|tpl|txt))$/],
  ["terraform", /\.tf(?:vars)?$/],
  ["dotenv-example", /(?:^|\/)\.env\.(?:example|sample|template|dist)$/],
  ["railway", /(?:^|\/)railway\.(?:json|toml)$|(?:^|\/)\.railway\/railway\.ts$/],
  ["vercel", /(?:^|\/)vercel\.json$/],
];

/** The kind of a file by its path and, for YAML and JSON, by what it says; undefined for files no rule is about. */
export function kindOf(path: string, text: string): FileKind | undefined {
  const named = BY_PATH.find(([, pattern]) => pattern.test(path))?.[0];
  if (named === "helm" && !isChartFile(path, text)) return contentKind(path, text);
  if (named === "dockerfile") return isDockerfile(path, text) ? named : undefined;
  if (named === "compose") return isComposeFile(text) ? named : contentKind(path, text);
  return named ?? contentKind(path, text);
}

/** Whether a name allows that some rule is about the file, so that its text is worth reading. */
export function mayHaveKind(path: string): boolean {
  return /^(?:ya?ml|json)$/.test(extensionOf(path)) || BY_PATH.some(([, pattern]) => pattern.test(path));
}

/** A file of the very name, or one that begins as such; `dockerfile.ts` and `Dockerfile.md` speak of Dockerfiles only. */
function isDockerfile(path: string, text: string): boolean {
  if (TEMPLATE.test(path)) return false;
  return /^(?:docker|container)file$/i.test(baseOf(path)) || /^(?:\s*(?:#.*)?\n)*\s*(?:FROM|ARG)\s/i.test(text);
}

/** Services of the usual form, or of the first one: without a key above them. Empty files and those of other tools are none. */
function isComposeFile(text: string): boolean {
  return (
    /^["']?(?:services|include|volumes|networks|version)["']?\s*:/m.test(text) ||
    /^[ \t]+(?:image|build)\s*:/m.test(text)
  );
}

function contentKind(path: string, text: string): FileKind | undefined {
  const extension = extensionOf(path);
  if (extension === "json")
    return /"panels"\s*:/.test(text) && /"(?:schemaVersion|gridPos)"\s*:/.test(text) ? "grafana" : undefined;
  if (extension !== "yml" && extension !== "yaml") return undefined;
  if (/^apiVersion:\s*\S/m.test(text) && /^kind:\s*\S/m.test(text)) return "kubernetes";
  if (/^rule_files:/m.test(text) && /^tests:/m.test(text)) return "prometheus-tests";
  if (/^groups:/m.test(text) && /^\s+-?\s*(?:alert|record):/m.test(text)) return "prometheus-rules";
  if (/^scrape_configs:/m.test(text)) return "prometheus";
  if (/^route:/m.test(text) && /^receivers:/m.test(text)) return "alertmanager";
  return undefined;
}

/** `values.yaml` and `templates/` mean Helm in a chart only; a plain manifest may lie in a folder of that name. */
function isChartFile(path: string, text: string): boolean {
  return baseOf(path).startsWith("Chart.") || baseOf(path).startsWith("values") || /\{\{/.test(text);
}
