import type { ManifestConfig } from "./schema.ts";
import { nearest } from "./spelling.ts";

/** A name in the manifest that points nowhere, or a circle. `at` is the path of the offending value. */
export interface ReferenceProblem {
  code: string;
  at: (string | number)[];
  message: string;
  next: string;
}

/** What the schema cannot say: names exist, dependencies have an order, canary steps rise, interpolations are known. */
export function checkReferences(manifest: ManifestConfig): ReferenceProblem | undefined {
  return unknownName(manifest) ?? cycle(manifest) ?? wrongSteps(manifest) ?? unknownPlaceholder(manifest);
}

/** Services in an order in which each comes after what it depends on. */
export function startOrder(services: Record<string, { depends_on: string[] }>): string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  const visit = (name: string) => {
    if (seen.has(name) || !services[name]) return;
    seen.add(name);
    for (const dependency of services[name].depends_on) visit(dependency);
    order.push(name);
  };
  for (const name of Object.keys(services)) visit(name);
  return order;
}

function unknownName(manifest: ManifestConfig): ReferenceProblem | undefined {
  const services = Object.keys(manifest.services);
  const channels = Object.keys(manifest.notify);
  const targets = [...services, ...Object.keys(manifest.stores)];
  const uses: { at: (string | number)[]; name: string; known: string[]; what: string }[] = [
    ...Object.entries(manifest.services).flatMap(([service, { depends_on }]) =>
      depends_on.map((name, index) => ({
        at: ["services", service, "depends_on", index],
        name,
        known: targets,
        what: "service or store",
      })),
    ),
    ...Object.keys(manifest.remedies).map((name) => ({
      at: ["remedies", name],
      name,
      known: services,
      what: "service",
    })),
    ...Object.entries(manifest.checks).flatMap(([check, { service, process }]) =>
      [
        { key: "service", name: service },
        { key: "process", name: process },
      ].flatMap(({ key, name }) =>
        name ? [{ at: ["checks", check, key], name, known: services, what: "service" }] : [],
      ),
    ),
    ...Object.entries(manifest.escalate).flatMap(([severity, names]) =>
      (names ?? []).map((name, index) => ({
        at: ["escalate", severity, index],
        name,
        known: channels,
        what: "notification channel",
      })),
    ),
  ];
  const wrong = uses.find((use) => !use.known.includes(use.name));
  if (wrong) return missing(wrong.at, wrong.name, wrong.known, wrong.what);
  const shared = targets.find((name, index) => targets.indexOf(name) !== index);
  if (shared)
    return {
      code: "SM-CONFIG-REFERENCE",
      at: ["stores", shared],
      message: `"${shared}" names a service and a store`,
      next: "rename one of them",
    };
  return undefined;
}

function missing(at: (string | number)[], name: string, known: string[], what: string): ReferenceProblem {
  const guess = nearest(name, known);
  return {
    code: "SM-CONFIG-REFERENCE",
    at,
    message: `there is no ${what} "${name}"`,
    next: guess
      ? `did you mean "${guess}"?`
      : known.length > 0
        ? `there are ${known.join(", ")}`
        : `add it, or remove the reference`,
  };
}

function cycle(manifest: ManifestConfig): ReferenceProblem | undefined {
  const done = new Set<string>();
  const follow = (name: string, trail: string[]): string[] | undefined => {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const dependency of manifest.services[name]?.depends_on ?? []) {
      const found = follow(dependency, [...trail, name]);
      if (found) return found;
    }
    done.add(name);
    return undefined;
  };
  for (const name of Object.keys(manifest.services)) {
    const found = follow(name, []);
    if (found)
      return {
        code: "SM-CONFIG-CYCLE",
        at: ["services", found[0] ?? name, "depends_on"],
        message: `services depend on each other in a circle: ${found.join(" → ")}`,
        next: "remove one of these dependencies",
      };
  }
  return undefined;
}

function wrongSteps(manifest: ManifestConfig): ReferenceProblem | undefined {
  for (const [name, { strategy }] of Object.entries(manifest.environments)) {
    const steps = strategy.steps;
    if (!steps) continue;
    const rising = steps.every((share, index) => index === 0 || share > (steps[index - 1] ?? 0));
    if (!rising || steps.at(-1) !== 100)
      return {
        code: "SM-CONFIG-VALUE",
        at: ["environments", name, "strategy", "steps"],
        message: "canary steps must rise and end with 100",
        next: "for example [10, 25, 50, 100]",
      };
  }
  return undefined;
}

const PLACEHOLDER = /\$\{([a-z]+):([^}]*)\}/g;

function unknownPlaceholder(manifest: ManifestConfig): ReferenceProblem | undefined {
  const known: Record<string, string[] | undefined> = {
    service: Object.keys(manifest.services),
    store: Object.keys(manifest.stores),
  };
  for (const { at, text } of strings(manifest, [])) {
    for (const [, kind = "", name = ""] of text.matchAll(PLACEHOLDER)) {
      if (kind === "secret") continue;
      const names = known[kind];
      if (!names)
        return {
          code: "SM-CONFIG-REFERENCE",
          at,
          message: `\${${kind}:…} is not known`,
          next: "there are ${secret:NAME}, ${store:NAME} and ${service:NAME}",
        };
      if (!names.includes(name)) return missing(at, name, names, kind);
    }
  }
  return undefined;
}

function strings(value: unknown, at: (string | number)[]): { at: (string | number)[]; text: string }[] {
  if (typeof value === "string") return [{ at, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => strings(item, [...at, index]));
  if (value && typeof value === "object")
    return Object.entries(value).flatMap(([key, item]) => strings(item, [...at, key]));
  return [];
}
