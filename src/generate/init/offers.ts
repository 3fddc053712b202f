import type { ScannedService, ScanReport } from "../../contract/scan.ts";
import type { Tree } from "../../formats/tree.ts";
import { ASSUMED, CERTAIN } from "../../scan/fact.ts";
import { localBuild, localCommand } from "./local-command.ts";
import type { Offer, OfferedService } from "./manifest.ts";
import { offeredStores, type StoreUses } from "./offered-stores.ts";
import { certaintyOf, evidenceOf, isPages } from "./seen.ts";
import { serviceNotes, variableNotes } from "./service-notes.ts";
import { dataOf, portsOf } from "./service-parts.ts";

interface Site {
  report: ScanReport;
  tree: Tree;
  /** Also knows files that no repository holds, such as node_modules. */
  isThere: (path: string) => boolean;
}

/** What does not stay up, and why the manifest has no place for it. */
const PASSING: Partial<Record<NonNullable<ScannedService["kind"]>, string>> = {
  cron: "runs by the clock, which the manifest has not",
  job: "ends by itself, and the manifest is of what stays up",
  cli: "is a program that people run, and the manifest is of what stays up",
};

/** What a manifest can say of what a scan found: services with their processes, stores, ports; and what it cannot, each with the reason. */
export function offersOf(report: ScanReport, tree: Tree, isThere: (path: string) => boolean): Offer {
  const site = { report, tree, isThere };
  const staying = report.services.filter(({ kind }) => PASSING[kind ?? "web"] === undefined);
  const { stores, left, usesOf } = offeredStores(report, staying, tree);
  const ports = portsOf(staying, report);
  const services = staying.flatMap((service) => {
    const uses = usesOf(service);
    const own = serviceOffer(service, uses, ports(service), site);
    return [own, ...processOffers(service, uses, site)];
  });
  return {
    services,
    stores,
    left: [
      ...report.services.flatMap((service) => {
        const why = PASSING[service.kind ?? "web"];
        return why ? [`${service.name} (${evidenceOf(service, report)}) ${why}: generated files follow the code`] : [];
      }),
      ...staying.flatMap((service) => [...cronsLeft(service, report), ...shellsLeft(service, site)]),
      ...left,
    ],
  };
}

function serviceOffer(
  service: ScannedService,
  uses: StoreUses,
  port: { port: number | null; notes: string[] },
  { report, tree, isThere }: Site,
): OfferedService {
  const command = localCommand(service, tree, isThere);
  const worker = service.kind === "worker";
  const health = worker ? null : (service.health ?? (isPages(service) ? "/" : null));
  const data = dataOf(service, report);
  const start = command?.start ?? "";
  return {
    name: service.name,
    path: service.path,
    kind: worker ? "worker" : "http",
    build: localBuild(service, isThere),
    start,
    port: worker ? null : port.port,
    health,
    env: { ...command?.env, ...uses.env },
    dependsOn: uses.dependsOn,
    data: data.folders,
    evidence: evidenceOf(service, report),
    notes: [
      ...serviceNotes(service, report, { health, start, worker }),
      ...(worker ? [] : port.notes),
      ...data.notes,
      ...variableNotes(service, uses.env),
    ],
    unknown: [
      ...(isPages(service) || (command && certaintyOf(service, "start", report) >= ASSUMED)
        ? []
        : (["start"] as const)),
      ...(worker || health ? [] : (["health"] as const)),
    ],
  };
}

/** Processes beside the one that answers, each a service of its own on this machine. */
function processOffers(service: ScannedService, uses: StoreUses, { report, tree, isThere }: Site): OfferedService[] {
  const { folders } = dataOf(service, report);
  return processesOf(service).flatMap((process): OfferedService[] => {
    const same = { ...service, start: process.command, packageManager: null };
    const command = localCommand(same, tree, isThere);
    if (!command) return [];
    const fact = report.facts[`${service.name}.process.${process.name}`];
    const [first] = fact?.evidence ?? [];
    return [
      {
        name: processName(service, process.name),
        path: service.path,
        kind: "worker",
        build: localBuild(same, isThere),
        start: command.start,
        port: null,
        health: null,
        env: { ...command.env, ...uses.env },
        dependsOn: uses.dependsOn,
        data: [],
        evidence: first ? `${first.file}:${first.line}` : "",
        notes: [
          ...((fact?.confidence ?? 0) < CERTAIN
            ? [`the process is assumed: see stationmaster scan --why ${service.name}.process.${process.name}`]
            : []),
          ...(folders.length > 0 ? [`${folders.join(", ")} is kept for ${service.name} alone`] : []),
        ],
        unknown: [],
      },
    ];
  });
}

function processesOf({ processes }: ScannedService): ScannedService["processes"] {
  return processes.filter(({ name }) => !["web", "release"].includes(name));
}

/** As generated files call it, but for a process that has the name of its service already. */
function processName({ name }: ScannedService, process: string): string {
  const whole = process.startsWith(`${name}-`) ? process : `${name}-${process}`;
  return whole
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .slice(0, 40)
    .replace(/-+$/, "");
}

function cronsLeft({ name, crons }: ScannedService, { facts }: ScanReport): string[] {
  return crons.map((cron) => {
    const [first] = facts[`${name}.cron.${cron.name}`]?.evidence ?? [];
    const what = [cron.schedule, cron.command].filter(Boolean).join(", ");
    return `${name} ${cron.name} (${what}${first ? `; ${first.file}:${first.line}` : ""}) runs by the clock, which the manifest has not: generated files follow the code`;
  });
}

/** Processes that need a shell, which the manifest does not start. */
function shellsLeft(service: ScannedService, { report, tree, isThere }: Site): string[] {
  return processesOf(service)
    .filter(({ command }) => !localCommand({ ...service, start: command, packageManager: null }, tree, isThere))
    .map(({ name, command }) => {
      const [first] = report.facts[`${service.name}.process.${name}`]?.evidence ?? [];
      return `${service.name} ${name} (${command}${first ? `; ${first.file}:${first.line}` : ""}) needs a shell: put it into a script and name that`;
    });
}
