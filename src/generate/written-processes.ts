import { isDeepStrictEqual } from "node:util";
import { splitCommand } from "../config/command.ts";
import type { ManifestConfig } from "../config/schema.ts";
import type { ScannedService, ScanReport } from "../contract/scan.ts";
import { joinPath, type Tree } from "../formats/tree.ts";
import { localStarts } from "./decided-start.ts";

type Process = ScannedService["processes"][number];

/** The services of the manifest, and what runs beside each of them from the same image. */
interface WrittenProcesses {
  services: ManifestConfig["services"];
  /** By the service whose image it is. */
  processes: Map<string, Process[]>;
}

/**
 * The manifest has a service for each process of a folder, as one machine starts them; an image holds the folder, so that a
 * worker which is no program of its own runs from the image of the service beside it.
 */
export function writtenProcesses(manifest: ManifestConfig, report: ScanReport, tree: Tree): WrittenProcesses {
  const services = { ...manifest.services };
  const processes: WrittenProcesses["processes"] = new Map();
  for (const [name, config] of Object.entries(manifest.services)) {
    const owner = ownerOf(name, manifest, report);
    const start = config.start;
    if (!owner || !start) continue;
    const found = owner.scanned.processes.find((process) => processNames(owner.scanned, process).includes(name));
    const isLocal = found && localStarts({ ...owner.scanned, start: found.command, packageManager: null }, tree);
    const isSame = isLocal?.some((line) => sameCommand(line, start)) ?? false;
    const process = {
      name: found?.name ?? withoutPrefix(name, owner.name),
      command: found && isSame ? found.command : start.join(" "),
    };
    delete services[name];
    processes.set(owner.name, [...(processes.get(owner.name) ?? []), process]);
  }
  return { services, processes };
}

/** Processes of a service: those of the manifest in the place of what was found under the same name, the others as they were found. */
export function withWritten(found: readonly Process[], written: readonly Process[]): Process[] {
  const named = new Map([...found, ...written].map((process) => [process.name, process]));
  return [...named.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The service whose folder a worker shares; undefined where it is a program of its own or alone. */
function ownerOf(
  name: string,
  { services }: ManifestConfig,
  report: ScanReport,
): { name: string; scanned: ScannedService } | undefined {
  const config = services[name];
  if (config?.kind !== "worker" || config.image !== undefined || config.dockerfile !== undefined) return undefined;
  const folder = joinPath(".", config.path);
  const here = report.services.filter(({ path }) => path === folder);
  const [scanned, another] = here;
  if (!scanned || another || scanned.name === name) return undefined;
  const beside = Object.entries(services).filter(
    ([other, { path, kind }]) => other !== name && joinPath(".", path) === folder && kind !== "worker",
  );
  const owner = beside.find(([other]) => other === scanned.name) ?? beside[0];
  return owner && { name: owner[0], scanned };
}

function processNames(owner: ScannedService, { name }: Process): string[] {
  return [name, `${owner.name}-${name}`].map((text) => text.toLowerCase().replace(/[^a-z0-9-]+/g, "-"));
}

function withoutPrefix(name: string, owner: string): string {
  return name.startsWith(`${owner}-`) ? name.slice(owner.length + 1) : name;
}

function sameCommand(line: string, argv: readonly string[]): boolean {
  const split = splitCommand(line);
  return "argv" in split && isDeepStrictEqual(split.argv, argv);
}
