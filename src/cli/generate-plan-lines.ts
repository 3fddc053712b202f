import type { Plan, PlannedService, PlannedVariable } from "../generate/plan.ts";
import { table } from "./output.ts";
import { clippedText, safeText } from "./scan-values.ts";

type Field = readonly [
  name: string,
  value: (service: PlannedService) => string | number | null | undefined,
  from?: string,
];

/** What a plan says of a service, in the order that people ask; `from` where its origin has another name. */
const FIELDS: readonly Field[] = [
  ["path", ({ path }) => path],
  ["role", ({ role }) => role, "kind"],
  ["framework", ({ framework }) => framework],
  ["runtime", ({ runtime }) => [runtime.name, runtime.version].filter(Boolean).join(" ")],
  ["packageManager", ({ packageManager }) => packageManager],
  ["install", ({ install }) => install],
  ["build", ({ build }) => build],
  ["test", ({ test }) => test],
  ["start", ({ start }) => start],
  ["output", ({ output }) => output],
  ["port", ({ port }) => port],
  ["health", ({ health }) => health],
  ["readiness", ({ readiness }) => readiness],
  ["migrations", ({ migrations }) => migrations?.command],
  ["metrics", ({ metrics }) => metrics?.path],
  ["dockerfile", ({ dockerfile }) => dockerfile.path],
  ["image", ({ image }) => image],
  ["scale", ({ scale: { min, max, cpu, memory } }) => `${min} to ${max} at CPU ${cpu} %, memory ${memory} %`],
  ["resources", ({ resources }) => `${resources.cpu} cores, ${resources.memory} MiB`],
];

/** The plan, each field with the fact or the line of the manifest it comes from, then what was assumed and what contradicts the code. */
export function planText(plan: Plan): string {
  const { services, stores, target, project, assumptions, contradictions } = plan;
  return [
    safeText(`${project}, for ${target}`),
    table(["FIELD", "VALUE", "FROM"], services.flatMap(serviceRows)),
    ...stores.map(({ name, kind, version }) => safeText(`store ${name}: ${kind}${version ? ` ${version}` : ""}`)),
    ...cloudLines(plan),
    ...assumptions.map((text) => safeText(`assumed: ${text}`)),
    ...contradictions.map(({ file, line, message }) => safeText(`warning: ${file}:${line}: ${message}`)),
  ].join("\n");
}

/** The region matters where files of a cloud are written. */
function cloudLines({ target, cloud: { provider, region, origin } }: Plan): string[] {
  if (target !== provider) return [];
  return [safeText(`region: ${region} of ${provider} (${origin ?? "default: nothing asks for another"})`)];
}

function serviceRows(service: PlannedService): string[][] {
  const { name, origin, env, processes, crons, state } = service;
  const row = (field: string, value: string, from: string | undefined) => [
    safeText(`${name}.${field}`),
    clippedText(value),
    safeText(from ?? "default"),
  ];
  return [
    ...FIELDS.flatMap(([field, value, from = field]) => {
      const said = value(service);
      return said === null || said === undefined || said === "" ? [] : [row(field, String(said), origin[from])];
    }),
    ...processes.map(({ name: process, command }) => row(`process.${process}`, command, origin[`process.${process}`])),
    ...crons.map((cron) =>
      row(`cron.${cron.name}`, [cron.schedule, cron.command].filter(Boolean).join(", "), origin[`cron.${cron.name}`]),
    ),
    ...(state.length > 0 ? [row("data", state.join(", "), origin.data ?? stateOrigin(origin))] : []),
    ...env.map((variable) => row(`env.${variable.name}`, variableText(variable), origin[`env.${variable.name}`])),
  ];
}

/** Folders have a fact each: the first one stands for all. */
function stateOrigin(origin: PlannedService["origin"]): string | undefined {
  const first = Object.keys(origin).find((fact) => fact.startsWith("state."));
  return first === undefined ? undefined : origin[first];
}

function variableText({ class: kind, phase, required, default: value, store }: PlannedVariable): string {
  return [
    kind,
    phase === "build" ? "at the build" : "",
    store ? `address of ${store}` : "",
    value === null ? (required ? "required" : "optional") : `default ${value}`,
  ]
    .filter(Boolean)
    .join(", ");
}
