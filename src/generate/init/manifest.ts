import { stringify } from "yaml";
import type { GenerateTarget } from "../../contract/generate.ts";

/** A service as `init` offers it: what was found, corrected by a person. */
export interface OfferedService {
  name: string;
  /** From the root, `.` for the root itself. */
  path: string;
  kind: "http" | "worker";
  build: string | null;
  start: string;
  health: string | null;
  env: Record<string, string>;
  /** Files and lines that show it. */
  evidence: string;
  /** What is to be known about it. */
  notes: string[];
  /** What nothing in the repository tells well enough: a person is asked. */
  unknown: ("start" | "health")[];
}

export interface Answers {
  project: string;
  services: readonly OfferedService[];
  /** Where production runs; null while nobody decided. */
  platform: GenerateTarget | null;
  /** Why, in one line. */
  because: string;
}

/** The manifest that `init` writes: only what is certain or was answered. */
export function manifestText({ project, services, platform, because }: Answers, schema: string): string {
  const entries = services.map(({ name, path, kind, build, start, health, env }) => [
    name,
    {
      path: path === "." ? "." : `./${path}`,
      ...(kind === "worker" ? { kind } : {}),
      ...(build ? { build } : {}),
      start,
      ...(health ? { health } : {}),
      ...(Object.keys(env).length > 0 ? { env } : {}),
    },
  ]);
  const data = { project, services: Object.fromEntries(entries), environments: { local: { platform: "local" } } };
  const generate = platform ? `\n# ${because}\n${stringify({ generate: { platform } })}` : "";
  return `# yaml-language-server: $schema=${schema}\n${stringify(data)}${generate}`;
}
