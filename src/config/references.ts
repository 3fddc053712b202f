import { previewMistakes } from "./previews.ts";
import type { Mistake } from "./problem.ts";
import type { ManifestConfig } from "./schema.ts";
import { nearest } from "./spelling.ts";

/** What the schema cannot say: names exist, dependencies have an order, canary steps rise. */
export function checkReferences(manifest: ManifestConfig): Mistake[] {
  return [
    ...unknownNames(manifest),
    ...sharedNames(manifest),
    ...cycles(manifest),
    ...wrongSteps(manifest),
    ...wrongQuorum(manifest),
    ...withoutStart(manifest),
    ...previewMistakes(manifest),
  ];
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

function unknownNames(manifest: ManifestConfig): Mistake[] {
  const services = Object.keys(manifest.services);
  const channels = Object.keys(manifest.notify);
  const targets = [...services, ...Object.keys(manifest.stores)];
  const uses: { at: (string | number)[]; name: string; known: string[]; what: string }[] = [
    ...Object.entries(manifest.services).flatMap(([service, { depends_on }]) =>
      depends_on.map((name, index) => ({
        at: ["services", service, "depends_on", index],
        name,
        known: targets.filter((target) => target !== service || target === name),
        what: "service or store",
      })),
    ),
    ...Object.entries(manifest.environments).flatMap(([environment, settings]) => [
      ...settings.after.map((name, index) => ({
        at: ["environments", environment, "after", index],
        name,
        known: Object.keys(manifest.environments).filter((other) => other !== environment),
        what: "environment",
      })),
      ...Object.keys(settings.platform === "compose" ? settings.routes : {}).map((name) => ({
        at: ["environments", environment, "routes", name],
        name,
        known: services,
        what: "service",
      })),
    ]),
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
  return uses
    .filter(({ name, known }) => !known.includes(name))
    .map(({ at, name, known, what }) => missing(at, name, known, what));
}

function sharedNames({ services, stores }: ManifestConfig): Mistake[] {
  return Object.keys(stores)
    .filter((name) => services[name])
    .map((name) => ({
      code: "SM-CONFIG-REFERENCE",
      at: ["stores", name],
      message: `"${name}" names a service and a store`,
      next: "rename one of them",
    }));
}

const DATABASE = /^(?:db|database|pg|postgres(?:ql)?|sql)$|^(?:db|postgres)-|-db$/;
const NO_STORE = /^(?:cache|redis|valkey|memcached|mysql|mariadb|mongo(?:db)?|rabbitmq|kafka)$/;

/** A name that is not among the `known`. `what` it should name: a word for people. */
export function missing(at: (string | number)[], name: string, known: string[], what: string): Mistake {
  return {
    code: "SM-CONFIG-REFERENCE",
    at,
    message: `there is no ${what} "${name}"`,
    next: replacement(name, known, what),
  };
}

function replacement(name: string, known: string[], what: string): string {
  const guess = nearest(name, known);
  if (guess) return `did you mean "${guess}"?`;
  if (what.includes("store") && DATABASE.test(name)) return `add stores: { ${name}: { kind: postgres } }`;
  if (what.includes("store") && NO_STORE.test(name))
    return "a store is a PostgreSQL database; run this elsewhere and give its address in env";
  return known.length > 0 ? `there are ${known.join(", ")}` : "add it, or remove the reference";
}

function cycles({ services }: ManifestConfig): Mistake[] {
  const found = findCycle(Object.fromEntries(Object.entries(services).map(([name, item]) => [name, item.depends_on])));
  if (!found) return [];
  return [
    {
      code: "SM-CONFIG-CYCLE",
      at: ["services", found[0] ?? "", "depends_on"],
      message: `services depend on each other in a circle: ${found.join(" → ")}`,
      next: "remove one of these dependencies",
    },
  ];
}

/** The names of a circle, the first of them at its end again; undefined where there is none. */
export function findCycle(dependencies: Record<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const follow = (name: string, trail: string[]): string[] | undefined => {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const dependency of dependencies[name] ?? []) {
      const found = follow(dependency, [...trail, name]);
      if (found) return found;
    }
    done.add(name);
    return undefined;
  };
  for (const name of Object.keys(dependencies)) {
    const found = follow(name, []);
    if (found) return found;
  }
  return undefined;
}

function wrongSteps({ environments }: ManifestConfig): Mistake[] {
  return Object.entries(environments).flatMap(
    ([
      name,
      {
        strategy: { steps },
      },
    ]) => {
      const rising = steps?.every((share, index) => index === 0 || share > (steps[index - 1] ?? 0));
      if (!steps || (rising && steps.at(-1) === 100)) return [];
      return [
        {
          code: "SM-CONFIG-VALUE",
          at: ["environments", name, "strategy", "steps"],
          message: "canary steps must rise and end with 100",
          next: "for example [10, 25, 50, 100]",
        },
      ];
    },
  );
}

function wrongQuorum({ environments }: ManifestConfig): Mistake[] {
  return Object.entries(environments).flatMap(([name, settings]) => {
    if (settings.platform !== "compose" || settings.quorum === undefined) return [];
    if (settings.per === undefined && settings.quorum <= settings.hosts.length) return [];
    return [
      {
        code: "SM-CONFIG-VALUE",
        at: ["environments", name, "quorum"],
        message:
          settings.per === undefined ? "there are fewer hosts than the quorum" : "a copy has one host and no quorum",
        next: "remove it where no host may be lost",
      },
    ];
  });
}

/** A process needs a command; a container has one in its image. */
function withoutStart({ environments, services }: ManifestConfig): Mistake[] {
  if (!Object.values(environments).some(({ platform }) => platform === "local")) return [];
  return Object.entries(services)
    .filter(([, { start }]) => start === undefined)
    .map(([name]) => ({
      code: "SM-CONFIG-VALUE",
      at: ["services", name],
      message: `"${name}" has no \`start\`, which the platform local needs`,
      next: 'say how it is started, such as start: "node server.js"',
    }));
}
