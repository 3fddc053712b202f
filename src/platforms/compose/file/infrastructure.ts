import { createHash } from "node:crypto";
import { z } from "zod";
import { DEFINITION_LABEL } from "../docker/labels.ts";
import { composeEnvironment, type EnvironmentSource } from "./environment.ts";
import type { ComposeFile } from "./model.ts";
import { envFilesOf } from "./spec.ts";

/** What is made from `infrastructureText` says by its label; for comparing with what runs. By service. */
export function definitionsIn(text: string): Record<string, string> {
  const { services } = Made.parse(JSON.parse(text));
  return Object.fromEntries(Object.entries(services).map(([name, { labels }]) => [name, labels[DEFINITION_LABEL]]));
}

const Made = z.object({
  services: z.record(z.string(), z.object({ labels: z.object({ [DEFINITION_LABEL]: z.string() }) })),
});

/** The order of keys in the file means nothing. */
function digestOf(definition: object): string {
  const sorted = (_: string, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return createHash("sha256").update(JSON.stringify(definition, sorted)).digest("hex").slice(0, 16);
}

/**
 * The services of ours that need each part of the infrastructure that stays up: they say so with `depends_on`, or one of their
 * variables has its name as that of a host. `texts` are further variables, by service.
 */
export function neededBy(
  { services, infrastructure }: Pick<ComposeFile, "services" | "infrastructure">,
  texts: Readonly<Record<string, readonly string[]>>,
): Record<string, string[]> {
  const needs = (service: string, part: string) => {
    const { depends_on = {}, environment = {} } = services[service] ?? {};
    const all = [...Object.values(environment), ...(texts[service] ?? [])];
    return part in depends_on || all.some((text) => typeof text === "string" && namesHost(text, part));
  };
  const ours = [...new Set([...Object.keys(services), ...Object.keys(texts)])];
  return Object.fromEntries(
    Object.keys(infrastructure).map((part) => [part, ours.filter((service) => needs(service, part))]),
  );
}

/** `db`, `db:5432`, `redis://db`, `postgres://user@db/shop`. */
function namesHost(text: string, name: string): boolean {
  return text.split(/[\s/@,]+/).some((word) => word.replace(/:\d+$/, "") === name);
}

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
    const needed = Object.entries(depends_on).filter(([other]) => other in file.infrastructure);
    const filled: Record<string, unknown> = {
      ...written,
      environment: await composeEnvironment({ environment, env_files: envFilesOf(service) }, source),
      depends_on: Object.fromEntries(needed),
    };
    services[name] = escaped(labelled(filled, { ...labels, [DEFINITION_LABEL]: digestOf(filled) }));
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
