import { composeEnvironment, type EnvironmentSource } from "./environment.ts";
import type { ComposeFile } from "./model.ts";
import { envFilesOf } from "./spec.ts";

type Labels = Readonly<Record<string, string>>;

/**
 * The part of a Compose file that is left to Compose, as text for its standard input. Variables and `env_file`s are filled in, so
 * it may hold secrets; what it makes is named as the whole file would name it and bears `labels` besides its own.
 */
export async function infrastructureText(
  file: ComposeFile,
  source: EnvironmentSource,
  labels: Labels,
): Promise<string> {
  const services: Record<string, unknown> = {};
  for (const [name, service] of Object.entries(file.infrastructure)) {
    const { env_file: _, ...written } = file.document.services[name] ?? {};
    const { environment = {}, depends_on = {} } = service;
    services[name] = escaped({
      ...labelled(written, labels),
      environment: await composeEnvironment({ environment, env_files: envFilesOf(service) }, source),
      depends_on: Object.fromEntries(Object.entries(depends_on).filter(([other]) => other in file.infrastructure)),
    });
  }
  // The project is named on the command line; docker-compose 1 refuses the key.
  const { volumes, networks } = file.document;
  const made = escaped({
    ...file.document,
    volumes: eachLabelled(volumes, labels),
    networks: eachLabelled({ default: null, ...(networks ?? {}) }, labels),
  });
  return JSON.stringify({ ...(made as object), name: undefined, services });
}

function eachLabelled(items: unknown, labels: Labels): Record<string, unknown> {
  return Object.fromEntries(Object.entries(items ?? {}).map(([key, item]) => [key, labelled(item ?? {}, labels)]));
}

/** What exists outside of the project belongs to somebody else. */
function labelled<T extends { external?: unknown; labels?: unknown }>(item: T, labels: Labels): object {
  if (item.external !== undefined && item.external !== false) return item;
  const own = Array.isArray(item.labels)
    ? Object.fromEntries(item.labels.map((text) => [String(text).split("=")[0], String(text).replace(/^[^=]*=?/, "")]))
    : item.labels;
  return { ...item, labels: { ...(own ?? {}), ...labels } };
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
