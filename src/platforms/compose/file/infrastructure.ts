import { composeEnvironment, type EnvironmentSource } from "./environment.ts";
import type { ComposeFile } from "./model.ts";
import { envFilesOf } from "./spec.ts";

/**
 * The part of a Compose file that is left to Compose, as text for its standard input. Variables and `env_file`s are filled in, so
 * it may hold secrets; what it makes is named as the whole file would name it.
 */
export async function infrastructureText(file: ComposeFile, source: EnvironmentSource): Promise<string> {
  const services: Record<string, unknown> = {};
  for (const [name, service] of Object.entries(file.infrastructure)) {
    const { env_file: _, ...written } = file.document.services[name] ?? {};
    const { environment = {}, depends_on = {} } = service;
    services[name] = escaped({
      ...written,
      environment: await composeEnvironment({ environment, env_files: envFilesOf(service) }, source),
      depends_on: Object.fromEntries(Object.entries(depends_on).filter(([other]) => other in file.infrastructure)),
    });
  }
  // The project is named on the command line; docker-compose 1 refuses the key.
  return JSON.stringify({ ...(escaped(file.document) as object), name: undefined, services });
}

/** Files and folders beside the Compose file that its services need on the host, as they are written. */
export function relativeSources({
  services,
  infrastructure,
  secrets,
  configs,
}: ComposeFile): { service: string; source: string }[] {
  const named = (grant: string | { source: string }) => (typeof grant === "string" ? grant : grant.source);
  return Object.entries({ ...infrastructure, ...services }).flatMap(([service, item]) => {
    const sources = [
      ...(item.volumes ?? []).map(({ type, source }) => (type === "bind" ? source : null)),
      ...(item.secrets ?? []).map((grant) => secrets?.[named(grant)]?.file),
      ...(item.configs ?? []).map((grant) => configs?.[named(grant)]?.file),
    ];
    return sources.flatMap((source) => (source && !source.startsWith("/") ? [{ service, source }] : []));
  });
}

/** Variables are filled in already; a dollar sign that is left is meant. */
function escaped(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("$", "$$$$");
  if (Array.isArray(value)) return value.map(escaped);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, escaped(item)]));
}
