import { basename, relative, resolve, sep } from "node:path";
import { loadManifest, type Manifest } from "../config/load.ts";
import type { GenerateTarget } from "../contract/generate.ts";
import type { ScanReport } from "../contract/scan.ts";
import { openFolder } from "../scan/open.ts";
import { reportOf } from "../scan/report.ts";
import { scanUnits } from "../scan/scan.ts";
import { serviceName } from "../scan/service-name.ts";
import { type Snapshot, takeSnapshot } from "../scan/snapshot.ts";
import { readIndex } from "./base-store.ts";
import { gitOrigin } from "./git-origin.ts";
import { makePlan } from "./make-plan.ts";
import { type ManifestSource, manifestSource } from "./manifest-source.ts";
import { madePaths, ownSnapshot } from "./own-files.ts";
import { loadPins } from "./pins.ts";
import type { Plan } from "./plan.ts";
import { isFile, readBelow } from "./write.ts";

/** A repository that was looked at, and what would be written for it. */
export interface Repository {
  /** Absolute path of the folder. */
  root: string;
  snapshot: Snapshot;
  report: ScanReport;
  manifest: Manifest | undefined;
  plan: Plan;
}

export interface OpenOptions {
  /** Manifest; `stationmaster.yaml` of the folder where it is left out and there is one. */
  config?: string;
  target?: GenerateTarget;
}

/** Scans a folder and decides what would be written. Files that were generated say nothing of the application. */
export function openRepository(folder: string, { config, target }: OpenOptions = {}): Repository {
  const { root, snapshot, report, made } = scanFolder(folder);
  const read = readBelow(root);
  const file = config ?? resolve(root, "stationmaster.yaml");
  const manifest = config !== undefined || isFile(file) ? loadManifest(file) : undefined;
  const index = readIndex(read);
  const origin = { ...gitOrigin(root), ...index };
  const plan = makePlan({
    report,
    tree: snapshot,
    pins: loadPins(parsed(read(".stationmaster/pins.json"))),
    folder: index.project ?? serviceName(basename(root)),
    made,
    ...(manifest ? { manifest, source: sourceOf(root, manifest.file) } : {}),
    ...(target ? { target } : {}),
    ...(origin.repository ? { repository: origin.repository } : {}),
    ...(origin.branch ? { branch: origin.branch } : {}),
    ...(origin.ci ? { ci: origin.ci } : {}),
  });
  return { root, snapshot, report, manifest, plan };
}

/** Looks at a folder; what was generated says nothing of the application. `made` are the paths that were generated. */
export function scanFolder(folder: string): Pick<Repository, "root" | "snapshot" | "report"> & { made: Set<string> } {
  const root = resolve(folder);
  const files = openFolder(root);
  const snapshot = takeSnapshot(files);
  const report = reportOf(scanUnits(ownSnapshot(files, snapshot)));
  return { root, snapshot, report, made: madePaths(files, snapshot) };
}

function sourceOf(root: string, file: string): ManifestSource {
  const path = relative(root, file).split(sep).join("/");
  return manifestSource(path, readBelow(root)(path) ?? "");
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
