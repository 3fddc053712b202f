import type { PlannedService } from "../../plan.ts";

const ALWAYS = [
  ...[".git", ".github", ".gitlab", ".stationmaster", ".env", ".env.*", "!.env.example", "*.log", ".DS_Store"],
  ...["**/Dockerfile*", "**/.dockerignore", "**/compose*.yaml", "**/compose*.yml", "**/docker-compose*.yml"],
  ...["stationmaster.yaml", "docs/runbooks", "deploy", "infra", "observability", "coverage", "**/*.pem", "**/*.key"],
];

const BY_RUNTIME: Record<string, readonly string[]> = {
  node: ["**/node_modules", "**/.next", "**/.nuxt", "**/.output", "**/.turbo", "**/.cache", "**/*.tsbuildinfo"],
  python: [
    "**/__pycache__",
    "**/*.py[cod]",
    ".venv",
    "venv",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    "**/*.egg-info",
  ],
  ruby: [".bundle", "vendor/bundle", "log/*", "tmp/*", "node_modules"],
  php: ["vendor", "node_modules", "storage/logs/*", "var/cache", "var/log"],
  go: ["bin", "tmp"],
  rust: ["target"],
  java: ["**/target", "**/build", "**/.gradle"],
  dotnet: ["**/bin", "**/obj"],
  elixir: ["_build", "deps", "**/node_modules"],
};

/** What never goes into an image: history, secrets, what the build makes anew. */
export function dockerignore(services: readonly PlannedService[]): string {
  const runtimes = new Set(
    services.map(({ runtime }) => (["bun", "deno"].includes(runtime.name) ? "node" : runtime.name)),
  );
  const lines = [...ALWAYS, ...[...runtimes].sort().flatMap((name) => BY_RUNTIME[name] ?? [])];
  return `${[...new Set(lines)].join("\n")}\n`;
}
