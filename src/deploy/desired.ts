import { createHash } from "node:crypto";
import type { ServiceConfig } from "../config/schema.ts";
import type { Description } from "../platforms/platform.ts";
import type { ReleasedService } from "../store/tables/release.ts";

/**
 * What a service of the manifest becomes in a release. `described` is what the platform says of its files or image; `secrets` a
 * digest of the secret values it uses, so that a rotated secret makes a new release without being stored.
 */
export function describeService(
  config: ServiceConfig,
  extraEnv: Record<string, string>,
  { described, secrets }: { described: Description; secrets: string },
): ReleasedService {
  const env = { ...described.env, ...extraEnv, ...config.env };
  const settings = {
    kind: config.kind,
    replicas: config.replicas,
    health: config.health ?? null,
    build: config.build ?? null,
    drainMs: config.drain,
    graceMs: config.grace,
    startupMs: config.startup,
    data: config.data,
    path: config.path,
    port: config.port ?? null,
    // Left out where a manifest has none of them, so that releases of before keep their hash.
    ...(described.recorded ? { recorded: described.recorded } : {}),
    ...(config.migrate ? { migrate: config.migrate } : {}),
    ...(config.schema ? { schema: config.schema } : {}),
  };
  const parts = {
    start: digest(config.start ?? []),
    env: digest([env, secrets]),
    files: digest(described.fingerprint),
    settings: digest(settings),
  };
  return {
    kind: config.kind,
    hash: digest(parts),
    parts,
    start: config.start ?? [],
    build: config.build ?? null,
    env,
    path: config.path,
    replicas: config.replicas,
    health: config.health ?? null,
    drainMs: config.drain,
    graceMs: config.grace,
    startupMs: config.startup,
    data: config.data,
    port: config.kind === "http" ? (config.port ?? null) : null,
    recorded: described.recorded ?? null,
    exclusive: described.exclusive ?? null,
    ...(described.dependsOn?.length ? { dependsOn: described.dependsOn } : {}),
    migrate: config.migrate ?? null,
    schema: config.schema ?? null,
  };
}

/** Hash of a whole release. */
export function configHash(services: Record<string, ReleasedService>): string {
  return digest(
    Object.entries(services)
      .map(([name, { hash }]) => [name, hash])
      .sort(),
  );
}

/** What a deployment brings, whatever it replaces: the services it was asked for, and how they get there. */
export function contentHash(
  services: Record<string, ReleasedService>,
  { only, ...how }: { only?: readonly string[] | undefined; [how: string]: unknown },
): string {
  const chosen = Object.entries(services).filter(([name]) => !only || only.includes(name));
  return digest([configHash(Object.fromEntries(chosen)), how]);
}

/** Which parts of a service differ: `start`, `env`, `files`, `settings`. */
export function changedParts(from: ReleasedService | undefined, to: ReleasedService): string[] {
  if (!from) return ["new"];
  return (["start", "env", "files", "settings"] as const).filter((part) => from.parts[part] !== to.parts[part]);
}

/** A short fingerprint of a JSON value: equal values, equal text. */
export function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32);
}
