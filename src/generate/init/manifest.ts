import { stringify } from "yaml";
import type { GenerateTarget } from "../../contract/generate.ts";

/** A service as `init` offers it: what was found, corrected by a person. */
export interface OfferedService {
  name: string;
  /** From the root, `.` for the root itself. */
  path: string;
  kind: "http" | "worker";
  build: string | null;
  /** Empty where nothing tells it: a person is asked, or the service is left out. */
  start: string;
  port: number | null;
  health: string | null;
  env: Record<string, string>;
  dependsOn: string[];
  /** Folders that outlive a release. */
  data: string[];
  /** Files and lines that show it. */
  evidence: string;
  /** What is to be known about it. */
  notes: string[];
  /** What nothing in the repository tells well enough: a person is asked. */
  unknown: ("start" | "health")[];
}

/** A store as the manifest takes it: one without an address is started on this machine. */
export interface OfferedStore {
  name: string;
  kind: "postgres" | "redis";
  url: string | null;
  evidence: string;
}

/** All that `init` found for a manifest, and what it leaves out, each with the reason. */
export interface Offer {
  services: OfferedService[];
  stores: OfferedStore[];
  left: string[];
}

export interface Answers {
  project: string;
  services: readonly OfferedService[];
  stores: readonly OfferedStore[];
  /** Where production runs; null while nobody decided. */
  platform: GenerateTarget | null;
  /** Why, in one line. */
  because: string;
}

/** The manifest that `init` writes: only what is certain or was answered. */
export function manifestText({ project, services, stores, platform, because }: Answers, schema: string): string {
  const data = {
    project,
    services: Object.fromEntries(services.map((service) => [service.name, serviceEntry(service, stores)])),
    ...(stores.length > 0
      ? { stores: Object.fromEntries(stores.map(({ name, kind, url }) => [name, { kind, ...(url ? { url } : {}) }])) }
      : {}),
    environments: { local: { platform: "local" } },
  };
  const generate = platform ? `\n# ${because}\n${stringify({ generate: { platform } })}` : "";
  return `# yaml-language-server: $schema=${schema}\n${stringify(data)}${generate}`;
}

function serviceEntry(
  { path, kind, build, start, port, health, env, dependsOn, data }: OfferedService,
  stores: Answers["stores"],
) {
  const needed = dependsOn.filter((name) => stores.some((store) => store.name === name));
  return {
    path: path === "." ? "." : `./${path}`,
    ...(kind === "worker" ? { kind } : {}),
    ...(build ? { build } : {}),
    start,
    ...(port === null ? {} : { port }),
    ...(health ? { health } : {}),
    ...(Object.keys(env).length > 0 ? { env } : {}),
    ...(needed.length > 0 ? { depends_on: needed } : {}),
    ...(data.length > 0 ? { data } : {}),
  };
}
