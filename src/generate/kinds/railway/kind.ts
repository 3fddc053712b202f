import type { Kind } from "../../kind.ts";
import { environmentName } from "../../pipeline/release.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { type LegacySettings, legacySettings } from "./legacy.ts";
import { constantNames } from "./names.ts";
import { type Definition, definitions } from "./services.ts";
import { type RailwayStore, storeCall } from "./store-references.ts";

type Old = ReadonlyMap<string, LegacySettings | undefined>;

/** Railway's configuration as code; settings of the old files are taken over, since those are read no more from 2026-12-01 on. */
export const railway: Kind = {
  id: "railway",
  title: "Railway",
  wanted: ({ target, platforms }) => target === "railway" || platforms.includes("railway"),
  render(plan) {
    if (plan.services.length === 0) return [];
    const old = new Map(plan.services.map((service) => [service.name, legacySettings(service, plan)]));
    return [
      {
        path: ".railway/railway.ts",
        text: text(plan, old),
        ownership: "managed",
        why: "services, databases and variables on Railway",
        notes: [...notes(plan), ...legacyNotes(old)],
      },
    ];
  },
};

function notes({ services, stores, repository }: Plan): string[] {
  const elsewhere = stores.filter(({ kind }) => !storeCall(kind)).map(({ name, kind }) => `${name} (${kind})`);
  const silent = services.filter(({ role, health }) => role === "http" && health === null);
  const crowded = services.filter(({ state }) => state.length > 1);
  return [
    "`railway config plan` shows what it would change; it needs Node 22 or newer and CLI 5.42.1 or newer, and is experimental on Railway's side",
    "no push reaches staging or production by itself: the pipeline runs `railway up` for each service. Disconnect those that are connected to the repository on Railway already (Settings, Source)",
    ...(repository === null
      ? [
          'the repository is not known: for environments of pull requests add `source: github("owner/name")`, or `repository` to stationmaster.yaml',
        ]
      : []),
    ...silent.map(
      ({ name }) => `${name} has no health route that is known, so a release of it counts as soon as it starts`,
    ),
    ...elsewhere.map(
      (store) => `Railway has no ${store} of its own: set its address on Railway, the file keeps what is there`,
    ),
    ...crowded.map(
      ({ name, state }) => `a service has one volume: ${state.slice(1).join(", ")} of ${name} is lost at each release`,
    ),
  ];
}

function legacyNotes(old: Old): string[] {
  const found = [...new Map([...old.values()].flatMap((item) => (item ? [[item.file, item] as const] : []))).values()];
  return found.flatMap(({ file, lost, settings }) => {
    const builder = (settings.build as { builder?: string } | undefined)?.builder;
    return [
      `${file} is not read from 2026-12-01 on; its settings are in .railway/railway.ts: remove it after \`railway config apply\``,
      ...(builder && builder !== "DOCKERFILE"
        ? [
            `${file} builds with ${builder}, which stays: take \`builder\` away to build the Dockerfile that runs elsewhere`,
          ]
        : []),
      ...lost.map((key) => `${file}: ${key} has no place in .railway/railway.ts; look at it before you apply`),
    ];
  });
}

function text(plan: Plan, old: Old): string {
  const constant = constantNames();
  const stores = plan.stores.flatMap((store): RailwayStore[] => {
    const call = storeCall(store.kind);
    return call ? [{ store, call, constant: constant(store.name, "Store") }] : [];
  });
  const made: Definition[] = [
    ...stores.map(({ constant: own, call, store: { name } }) => ({
      constant: own,
      source: `${call}(${JSON.stringify(name)})`,
    })),
    ...plan.services.flatMap((service: PlannedService) =>
      definitions(service, { plan, constant, stores }, old.get(service.name)),
    ),
  ];
  const pushed = pushedSource(plan);
  const uses = (part: string) => [...pushed, ...made.map(({ source }) => source)].some((text) => text.includes(part));
  const names = [
    ...["defineRailway", "project", "service"],
    ...["github", "volume", "preserve"].filter((name) => uses(`${name}(`)),
    ...stores.map(({ call }) => call),
  ];
  return [
    "// Written by stationmaster generate; edits are kept when it is written again.",
    `import { ${[...new Set(names)].sort().join(", ")} } from "railway/iac";`,
    "",
    "// It owns what it names and nothing else of the project: without this line everything else would be removed.",
    'export const partial = "stationmaster";',
    "",
    `export default defineRailway((${uses("ctx.") ? "ctx" : ""}) => {`,
    ...pushed,
    ...made.map(({ constant: own, source }) => `  const ${own} = ${source};${source.includes("\n") ? "\n" : ""}`),
    `  return project(${JSON.stringify(plan.project)}, {`,
    `    resources: [${made.map(({ constant: own }) => own).join(", ")}],`,
    "  });",
    "});",
    "",
  ].join("\n");
}

/** What pull requests are built from. Staging and production get their releases from the pipeline, after its checks. */
function pushedSource(plan: Plan): string[] {
  if (plan.repository === null) return [];
  const stages = (["staging", "production"] as const).map((stage) => JSON.stringify(environmentName(plan, stage)));
  const branch = JSON.stringify(plan.defaultBranch);
  return [
    "  // A push deploys neither staging nor production: the pipeline does, with `railway up`.",
    `  const pushed = [${stages.join(", ")}].some((name) => ctx.isEnvironment(name))`,
    "    ? undefined",
    `    : github(${JSON.stringify(plan.repository)}, { branch: ${branch} });`,
  ];
}
