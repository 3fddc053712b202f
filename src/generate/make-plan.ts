import type { ManifestConfig } from "../config/schema.ts";
import type { GenerateTarget } from "../contract/generate.ts";
import type { ScannedService, ScanReport } from "../contract/scan.ts";
import { joinPath, type Tree } from "../formats/tree.ts";
import { contradictionsOf } from "./contradictions.ts";
import { withDecidedStart } from "./decided-start.ts";
import { loopbackFindings } from "./loopback.ts";
import type { ManifestSource } from "./manifest-source.ts";
import type { Pins } from "./pins.ts";
import type { Plan } from "./plan.ts";
import { planEnvironments } from "./plan-environments.ts";
import { planService } from "./plan-service.ts";
import { planStores } from "./plan-stores.ts";
import { cloudOf, regionContradictions } from "./region.ts";
import { ruledOut } from "./ruled-out.ts";
import { unmetRequirements } from "./unmet-requirements.ts";
import { withWritten, writtenProcesses } from "./written-processes.ts";

export interface PlanInput {
  report: ScanReport;
  tree: Tree;
  pins: Pins;
  /** Name of the folder, for a project without a manifest. */
  folder: string;
  manifest?: ManifestConfig;
  /** Where the manifest says what. */
  source?: ManifestSource;
  /** owner/name of the repository where neither manifest nor files say it. */
  repository?: string;
  /** The branch that deployments come from. */
  branch?: string;
  /** Pipelines of where the repository lies; those that it has already go before. */
  ci?: Plan["ci"];
  /** Asked for on the command line; goes before the manifest. */
  target?: GenerateTarget;
  /** Paths that were generated, so that they are nobody's own. */
  made?: ReadonlySet<string>;
}

/** Decides what files are written from: what the manifest says, the facts elsewhere, defaults of the product last. Pure. */
export function makePlan({
  report,
  tree,
  pins,
  folder,
  manifest,
  source = { file: "stationmaster.yaml", line: () => 1, has: () => true },
  repository,
  branch = "main",
  ci = "github-actions",
  target,
  made = new Set(),
}: PlanInput): Plan {
  const settings = manifest?.generate;
  const project = manifest?.project ?? folder;
  const home = repositoryName(manifest?.repository) ?? repository ?? null;
  const chosen = target ?? settings?.platform ?? targetInUse(report) ?? "compose";
  const stores = planStores(report, manifest);
  const assumptions: string[] = [];
  const own = manifest && writtenProcesses(manifest, report, tree);
  const found = chosenServices(report, own?.services);
  const services = found.map(({ name, scanned }) => {
    const decided = manifest && withDecidedStart(manifest, name, scanned, tree);
    const about = { name, scanned, report, manifest: decided, source };
    const planned = planService({
      ...about,
      project,
      repository: home,
      target: chosen,
      domain: settings?.domain ?? null,
      stores,
      tree,
      made,
      assumptions,
    });
    return { ...planned, processes: withWritten(planned.processes, own?.processes.get(name) ?? []) };
  });
  return {
    project,
    repository: home,
    defaultBranch: branch,
    target: chosen,
    services,
    stores,
    environments: planEnvironments(manifest, chosen),
    domain: settings?.domain ?? null,
    cloud: cloudOf(chosen, settings?.terraform, { report, source, say: (text) => assumptions.push(text) }),
    ci: pipelineOf(report) ?? ci,
    platforms: [...new Set(report.platforms.map(({ id }) => id))],
    kinds: settings === undefined || settings.files === "auto" ? [] : settings.files,
    own: settings?.own ?? {},
    suppressions: (settings?.suppress ?? []).map(({ rule, path, reason, until }) => ({
      rule,
      reason,
      ...(path === undefined ? {} : { path }),
      ...(until === undefined ? {} : { until }),
    })),
    pins,
    tree,
    gaps: report.gaps,
    assumptions,
    contradictions: [
      ...(manifest ? contradictionsOf(manifest, found, { report, tree, source, made }) : []),
      ...regionContradictions(settings?.terraform, report, source),
      ...unmetRequirements(report),
      ...ruledOut(chosen, report),
      // Functions of Vercel are no containers.
      ...(chosen === "vercel" ? [] : loopbackFindings(report)),
    ],
  };
}

/** What does not stay up: the manifest has no word for it, so that it follows the code. */
const PASSING: ReadonlySet<ScannedService["kind"]> = new Set(["cron", "job", "cli"]);

/** Services of the manifest, each with what was found in its folder; without a manifest those that were found. */
function chosenServices(
  report: ScanReport,
  written: ManifestConfig["services"] | undefined,
): { name: string; scanned: ScannedService | undefined }[] {
  if (!written) return report.services.map((scanned) => ({ name: scanned.name, scanned }));
  const named = Object.entries(written).map(([name, { path }]) => {
    const folder = joinPath(".", path) ?? ".";
    const here = report.services.filter((service) => service.path === folder);
    return { name, scanned: here.find((service) => service.name === name) ?? here[0] };
  });
  const passing = report.services.filter(
    (service) =>
      PASSING.has(service.kind) &&
      !Object.hasOwn(written, service.name) &&
      !named.some(({ scanned }) => scanned === service),
  );
  return [...named, ...passing.map((scanned) => ({ name: scanned.name, scanned }))];
}

const IN_USE: Record<string, GenerateTarget> = {
  railway: "railway",
  vercel: "vercel",
  kubernetes: "kubernetes",
  helm: "kubernetes",
  kustomize: "kubernetes",
  aws: "aws",
  gcp: "gcp",
  azure: "azure",
  compose: "compose",
};

/** The platform that the repository is already set up for. */
function targetInUse({ platforms }: ScanReport): GenerateTarget | undefined {
  return Object.entries(IN_USE).find(([id]) => platforms.some((platform) => platform.id === id))?.[1];
}

function pipelineOf({ platforms }: ScanReport): Plan["ci"] | undefined {
  const has = (id: string) => platforms.some((platform) => platform.id === id);
  if (has("github-actions")) return "github-actions";
  if (has("gitlab-ci")) return "gitlab";
  return has("jenkins") ? "jenkins" : undefined;
}

/** owner/name of an address on GitHub. */
function repositoryName(address: string | undefined): string | undefined {
  return /^(?:(?:https|ssh):\/\/(?:[\w.-]+@)?github\.com\/|git@github\.com:)?([\w.-]+\/[\w.-]+?)(?:\.git)?$/.exec(
    address ?? "",
  )?.[1];
}
