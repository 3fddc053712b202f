import { yamlText } from "../../../formats/write-yaml.ts";
import type { Kind } from "../../kind.ts";
import { hasNote, NOTE } from "../../note.ts";
import type { Plan, PlannedService } from "../../plan.ts";

const RENOVATE_FILES = [
  "renovate.json",
  "renovate.json5",
  ".renovaterc",
  ".renovaterc.json",
  ".github/renovate.json",
  ".github/renovate.json5",
  ".gitlab/renovate.json",
];
const DEPENDABOT = ".github/dependabot.yml";

const COMPOSE = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];
const CLOUDS = new Set<Plan["target"]>(["aws", "gcp", "azure"]);

/** The package ecosystems as Dependabot calls them, by package manager. */
const ECOSYSTEMS: Record<string, string> = {
  npm: "npm",
  yarn: "npm",
  pnpm: "npm",
  bun: "bun",
  pip: "pip",
  poetry: "pip",
  pdm: "pip",
  pipenv: "pip",
  uv: "uv",
  go: "gomod",
  cargo: "cargo",
  maven: "maven",
  gradle: "gradle",
  bundler: "bundler",
  composer: "composer",
  nuget: "nuget",
  mix: "mix",
};

/** One robot that keeps packages, images and actions new: the one the repository has already. */
export const updates: Kind = {
  id: "updates",
  title: "updates of packages, images and actions",
  wanted: (plan) => !hasRenovate(plan),
  render(plan) {
    if (hasRenovate(plan)) return [];
    const onGitHub = plan.ci === "github-actions" || plan.tree.has(DEPENDABOT);
    return onGitHub
      ? [
          {
            path: DEPENDABOT,
            text: dependabot(plan),
            ownership: "managed",
            why: "weekly updates of packages, images and actions, in groups",
          },
        ]
      : [
          {
            path: "renovate.json",
            text: renovate(),
            ownership: "managed",
            why: "weekly updates of packages, images and actions, in groups",
          },
        ];
  },
};

/** Whether people have set up Renovate; what was generated is no settings of theirs. */
function hasRenovate({ tree }: Plan): boolean {
  return RENOVATE_FILES.some((file) => tree.has(file) && !hasNote(tree.text(file) ?? ""));
}

function dependabot({ services, ci, target, tree }: Plan): string {
  const entries = [
    ...(ci === "github-actions" ? [["github-actions", "/"] as const] : []),
    ...services.flatMap(packages),
    ...services.map((service) => ["docker", folder(service.dockerfile.path.replace(/\/?[^/]+$/, ""))] as const),
    // What was generated beside it changes nothing: the next run would say more than the first.
    ...(target === "compose" || COMPOSE.some((file) => tree.has(file) && !hasNote(tree.text(file) ?? ""))
      ? [["docker-compose", "/"] as const]
      : []),
    ...(CLOUDS.has(target) ? [["terraform", `/infra/${target}`] as const] : []),
  ];
  const unique = [...new Map(entries.map((entry) => [entry.join(" "), entry])).values()];
  const updates = unique.map(([ecosystem, directory]) => ({
    "package-ecosystem": ecosystem,
    directory,
    schedule: { interval: "weekly", day: "monday" },
    // What was published today may be withdrawn tomorrow.
    cooldown: { "default-days": 7 },
    "open-pull-requests-limit": 5,
    groups: { minor: { "update-types": ["minor", "patch"] } },
  }));
  return yamlText({ version: 2, updates }, { header: [NOTE] });
}

function packages({ packageManager, workspace, path }: PlannedService): (readonly [string, string])[] {
  const ecosystem = ECOSYSTEMS[packageManager ?? ""];
  return ecosystem ? [[ecosystem, folder(workspace ?? path)]] : [];
}

function folder(path: string): string {
  return path === "." || path === "" ? "/" : `/${path}`;
}

function renovate(): string {
  const settings = {
    $schema: "https://docs.renovatebot.com/renovate-schema.json",
    description: NOTE,
    extends: ["config:recommended", "docker:pinDigests", "schedule:weekly"],
    minimumReleaseAge: "7 days",
    packageRules: [{ matchUpdateTypes: ["minor", "patch"], groupName: "minor updates" }],
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
}
