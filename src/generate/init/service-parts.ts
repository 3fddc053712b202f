import type { ScannedService, ScanReport } from "../../contract/scan.ts";
import { stringAt } from "../../formats/document.ts";
import { ASSUMED, CERTAIN } from "../../scan/fact.ts";
import { lostDatabase, stateFolders } from "../state-folders.ts";
import { certaintyOf, isPages } from "./seen.ts";

/** Below it only the administrator of a machine may listen. */
const FREE_PORT = 1_024;

interface OfferedPort {
  port: number | null;
  notes: string[];
}

/** The port of each service that is certain, that this machine can give, and that no service before it has. */
export function portsOf(
  services: readonly ScannedService[],
  report: ScanReport,
): (service: ScannedService) => OfferedPort {
  const taken = new Map<number, string>();
  const ports = new Map(services.map((service) => [service.name, portOf(service, report, taken)]));
  return ({ name }) => ports.get(name) ?? { port: null, notes: [] };
}

function portOf(service: ScannedService, report: ScanReport, taken: Map<number, string>): OfferedPort {
  const { name, port } = service;
  if (port === null || isPages(service)) return { port: null, notes: [] };
  const none = (note: string): OfferedPort => ({ port: null, notes: [note] });
  if (report.gaps.some(({ id, service: of }) => id === "port-ignored" && of === name))
    return none(`it listens on ${port} whatever PORT says, so that its route gets another port`);
  if (certaintyOf(service, "port", report) < CERTAIN)
    return none(`port ${port} is assumed and not written: see stationmaster scan --why ${name}.port`);
  if (port < FREE_PORT) return none(`port ${port} is not written: on this machine ports below ${FREE_PORT} are closed`);
  const other = taken.get(port);
  if (other !== undefined) return none(`port ${port} is that of ${other} already: on this machine it gets a free one`);
  taken.set(port, name);
  return { port, notes: [] };
}

/** Folders that outlive a release, where that is certain. */
export function dataOf({ name }: ScannedService, { facts }: ScanReport): { folders: string[]; notes: string[] } {
  const notes: string[] = [];
  const found = Object.entries(facts).filter(
    ([id, { confidence }]) => id.startsWith(`${name}.state.`) && confidence >= ASSUMED,
  );
  const pathOf = ([, { value }]: (typeof found)[number]) => stringAt(value, ["path"]) ?? "";
  const paths = found.filter(([, { confidence }]) => confidence >= CERTAIN).map(pathOf);
  for (const folder of stateFolders(found.filter(([, { confidence }]) => confidence < CERTAIN).map(pathOf), () => {}))
    notes.push(`${folder} is assumed to outlive a release: add data: [${folder}] if it does`);
  return { folders: stateFolders(paths, (file) => notes.push(lostDatabase(name, file))), notes };
}
