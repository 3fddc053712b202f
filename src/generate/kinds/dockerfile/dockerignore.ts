import { NOTE } from "../../note.ts";
import type { PlannedService } from "../../plan.ts";

const ALWAYS = [
  ...["**/.git", ".github", ".gitlab", ".stationmaster", "**/.env", "**/.env.*", "!**/.env.example"],
  ...["**/*.log", "**/.DS_Store", "**/Dockerfile*", "**/.dockerignore"],
  ...["**/compose*.yaml", "**/compose*.yml", "**/docker-compose*.yml", "stationmaster.yaml"],
  ...["docs/runbooks", "deploy/k8s", "deploy/helm", "infra/aws", "infra/gcp", "infra/azure", "observability"],
  ...["coverage", "**/*.pem", "**/*.key"],
];

const NODE = ["**/node_modules", "**/.next", "**/.nuxt", "**/.output", "**/.turbo", "**/.cache", "**/*.tsbuildinfo"];
const BY_RUNTIME: Record<string, readonly string[]> = {
  node: NODE,
  bun: NODE,
  deno: ["**/node_modules"],
  python: [
    ...["**/__pycache__", "**/*.py[cod]", "**/.venv", "venv", "**/.pytest_cache", "**/.mypy_cache", "**/.ruff_cache"],
    ...["**/*.egg-info", "**/node_modules"],
  ],
  ruby: [".bundle", "vendor/bundle", "log/*", "tmp/*", "node_modules"],
  php: ["vendor", "node_modules", "storage/logs/*", "storage/framework/*/*", "bootstrap/cache/*.php", "var"],
  go: ["bin", "tmp"],
  rust: ["target"],
  // Packages of Java may be called build or target.
  java: ["target", "*/target", "*/*/target", "build", "*/build", "*/*/build", "**/.gradle"],
  dotnet: ["**/bin", "**/obj"],
  elixir: ["_build", "deps", "**/node_modules"],
};

/** What never goes into an image: history, secrets, what the build makes anew. */
export function dockerignore(services: readonly PlannedService[], context: Context): string {
  const runtimes = new Set(services.map(({ runtime }) => runtime.name));
  const lines = [
    ...ALWAYS,
    ...context.settings.map((path) => `!${path}`),
    ...[...runtimes].sort().flatMap((name) => BY_RUNTIME[name] ?? []),
    ...(runtimes.has("dotnet") && pinsSdkOnly(context.text("global.json")) ? ["global.json"] : []),
  ];
  return `# ${NOTE}\n${[...new Set(lines)].join("\n")}\n`;
}

interface Context {
  text(path: string): string | undefined;
  /** Files with values of pages, which anybody may read and the build needs. */
  settings: readonly string[];
}

/** The exact SDK of a developer's machine: the image has another one of the same line. */
function pinsSdkOnly(text: string | undefined): boolean {
  return text !== undefined && /"sdk"/.test(text) && !/"msbuild-sdks"/.test(text);
}
