import type { ScannedService, ScanReport } from "../../contract/scan.ts";
import type { Tree } from "../../formats/tree.ts";
import { ASSUMED, CERTAIN } from "../../scan/fact.ts";
import { localBuild, localCommand } from "./local-command.ts";
import type { OfferedService } from "./manifest.ts";

/** Services that can be started on this machine, from what a scan found. `isThere` also knows files that no repository holds, such as node_modules. */
export function offersOf(report: ScanReport, tree: Tree, isThere: (path: string) => boolean): OfferedService[] {
  return report.services.flatMap((service): OfferedService[] => {
    const command = localCommand(service, tree, isThere);
    if (!command) return [];
    const worker = service.kind === "worker" || service.kind === "cron" || service.kind === "job";
    const build = localBuild(service, isThere);
    const health = service.health ?? (isPages(service) ? "/" : null);
    return [
      {
        name: service.name,
        path: service.path,
        kind: worker ? "worker" : "http",
        build,
        start: command.start,
        health: worker ? null : health,
        env: command.env,
        evidence: evidenceOf(service, report),
        notes: [
          ...assumedNotes(service, report),
          ...(worker ? [] : notesOf(service, report, { health, start: command.start })),
        ],
        unknown: [
          ...(isPages(service) || certainty(service, report) >= ASSUMED ? [] : (["start"] as const)),
          ...(worker || health ? [] : (["health"] as const)),
        ],
      },
    ];
  });
}

/** How sure the start command is, 0 to 1. */
function certainty({ name }: ScannedService, { facts }: ScanReport): number {
  return facts[`${name}.start`]?.confidence ?? 0;
}

function assumedNotes(service: ScannedService, report: ScanReport): string[] {
  const sure = certainty(service, report);
  return !isPages(service) && sure < CERTAIN
    ? ["the start command is assumed: see stationmaster scan --why start"]
    : [];
}

function isPages({ kind }: ScannedService): boolean {
  return kind === "static" || kind === "spa";
}

function evidenceOf({ name }: ScannedService, { facts }: ScanReport): string {
  const places = ["start", "framework", "kind"].flatMap((fact) => {
    const first = facts[`${name}.${fact}`]?.evidence[0];
    return first ? [`${first.file}:${first.line}`] : [];
  });
  return [...new Set(places)].slice(0, 2).join(", ");
}

function notesOf(
  { name, env }: ScannedService,
  { facts }: ScanReport,
  { health, start }: { health: string | null; start: string },
): string[] {
  const reads = start.includes("${PORT}") || env.some((variable) => variable.name === "PORT");
  const fixed = facts[`${name}.port`]?.source === "code" || facts[`${name}.port`] === undefined;
  return [
    ...(health ? [] : ["no health path found: an open port counts as healthy"]),
    ...(reads || !fixed ? [] : ["PORT is not mentioned: a service has to listen on the port that this variable names"]),
  ];
}
