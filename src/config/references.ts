import { gitHubRepository } from "./github.ts";
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
    ...withoutRepository(manifest),
  ];
}

/** Services in an order in which each comes after what it depends on. */
export function startOrder(services: Record<string, { depends_on: string[] }>): string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  const visit = (name: string) => {
    const service = Object.hasOwn(services, name) ? services[name] : undefined;
    if (seen.has(name) || !service) return;
    seen.add(name);
    for (const dependency of service.depends_on) visit(dependency);
    order.push(name);
  };
  for (const name of Object.keys(services)) visit(name);
  return order;
}

function unknownNames(manifest: ManifestConfig): Mistake[] {
  const services = Object.keys(manifest.services);
  const channels = Object.keys(manifest.notify);
  const targets = [...services, ...Object.keys(manifest.stores)];
  const parents = new Set([...targets, ...Object.keys(manifest.checks)]);
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
        { key: "process", name: typeof process === "string" ? process : undefined },
      ].flatMap(({ key, name }) =>
        name ? [{ at: ["checks", check, key], name, known: services, what: "service" }] : [],
      ),
    ),
    ...Object.entries(manifest.maintenance).flatMap(([window, { service, environment }]) => [
      ...(service ? [{ at: ["maintenance", window, "service"], name: service, known: services, what: "service" }] : []),
      ...(environment
        ? [
            {
              at: ["maintenance", window, "environment"],
              name: environment,
              known: Object.keys(manifest.environments),
              what: "environment",
            },
          ]
        : []),
    ]),
    ...Object.keys(manifest.status_page?.services ?? {}).map((name) => ({
      at: ["status_page", "services", name],
      name,
      known: [...services, ...Object.keys(manifest.checks)],
      what: "service or check",
    })),
    ...(["daily", "audit"] as const).flatMap((report) =>
      (manifest.reports[report]?.to ?? []).map((name, index) => ({
        at: ["reports", report, "to", index],
        name,
        known: channels,
        what: "notification channel",
      })),
    ),
    ...Object.entries(manifest.alertmanager?.map.services ?? {}).map(([label, name]) => ({
      at: ["alertmanager", "map", "services", label],
      name,
      known: services,
      what: "service",
    })),
    ...(manifest.github?.issues?.environments ?? []).map((name, index) => ({
      at: ["github", "issues", "environments", index],
      name,
      known: Object.keys(manifest.environments),
      what: "environment",
    })),
    ...Object.entries(manifest.checks).flatMap(([check, { depends_on = [] }]) =>
      depends_on.flatMap((name, index) => {
        // There may be thousands: a list of all others is made for a mistake only.
        if (name !== check && parents.has(name)) return [];
        const known = [...targets, ...Object.keys(manifest.checks).filter((other) => other !== check)];
        return [{ at: ["checks", check, "depends_on", index], name, known, what: "service, store or check" }];
      }),
    ),
    ...Object.entries(manifest.escalate).flatMap(([severity, { levels }]) =>
      levels.flatMap(({ to }, level) =>
        to.map((name, index) => ({
          // The short form has no levels.
          at: ["escalate", severity, ...(levels.length > 1 ? ["levels", level, "to"] : []), index],
          name,
          known: channels,
          what: "notification channel",
        })),
      ),
    ),
  ];
  return uses
    .filter(({ name, known }) => !known.includes(name))
    .map(({ at, name, known, what }) => missing(at, name, known, what));
}

function sharedNames({ services, stores }: ManifestConfig): Mistake[] {
  return Object.keys(stores)
    .filter((name) => Object.hasOwn(services, name))
    .map((name) => ({
      code: "SM-CONFIG-REFERENCE",
      at: ["stores", name],
      message: `"${name}" names a service and a store`,
      next: "rename one of them",
    }));
}

const DATABASE = /^(?:db|database|pg|postgres(?:ql)?|sql)$|^(?:db|postgres)-|-db$/;
const REDIS = /^(?:cache|redis|valkey)$/;
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
    return REDIS.test(name)
      ? `add stores: { ${name}: { kind: redis, url: "\${secret:REDIS_URL}" } }`
      : "a store is a PostgreSQL or Redis server; run this elsewhere and give its address in env";
  return known.length > 0 ? `there are ${known.join(", ")}` : "add it, or remove the reference";
}

function cycles({ services, stores, checks }: ManifestConfig): Mistake[] {
  // A name that is a service's or a store's too means those.
  const isCheck = (name: string) => !Object.hasOwn(services, name) && !Object.hasOwn(stores, name);
  return [
    ...circle("services", services),
    ...circle("checks", Object.fromEntries(Object.entries(checks).filter(([name]) => isCheck(name)))),
  ];
}

function circle(kind: "services" | "checks", items: Record<string, { depends_on?: string[] | undefined }>): Mistake[] {
  const found = findCycle(
    Object.fromEntries(Object.entries(items).map(([name, item]) => [name, item.depends_on ?? []])),
  );
  if (!found) return [];
  return [
    {
      code: "SM-CONFIG-CYCLE",
      at: [kind, found[0] ?? "", "depends_on"],
      message: `${kind} depend on each other in a circle: ${found.join(" → ")}`,
      next: "remove one of these dependencies",
    },
  ];
}

/** The names of a circle, the first of them at its end again; undefined where there is none. */
export function findCycle(dependencies: Record<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const begin = (name: string) => ({
    name,
    left: Object.hasOwn(dependencies, name) ? (dependencies[name] ?? []).toReversed() : [],
  });
  for (const start of Object.keys(dependencies)) {
    if (done.has(start)) continue;
    // Not by recursion: a chain may be thousands long.
    const trail = [begin(start)];
    const onTrail = new Set([start]);
    for (let last = trail.at(-1); last; last = trail.at(-1)) {
      const next = last.left.pop();
      if (next === undefined) {
        trail.pop();
        onTrail.delete(last.name);
        done.add(last.name);
      } else if (onTrail.has(next)) {
        const names = trail.map(({ name }) => name);
        return [...names.slice(names.indexOf(next)), next];
      } else if (!done.has(next)) {
        trail.push(begin(next));
        onTrail.add(next);
      }
    }
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

/** Issues need a repository to be in. */
function withoutRepository(manifest: ManifestConfig): Mistake[] {
  if (!manifest.github || gitHubRepository(manifest)) return [];
  return [
    {
      code: "SM-CONFIG-VALUE",
      at: ["github"],
      message: "`github` needs `repository` as owner/name",
      next: "add repository: owner/name",
    },
  ];
}
