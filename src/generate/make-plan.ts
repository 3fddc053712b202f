import type { ManifestConfig } from "../config/schema.ts";
import type { GenerateTarget } from "../contract/generate.ts";
import type { ScannedService, ScanReport } from "../contract/scan.ts";
import type { Tree } from "../formats/tree.ts";
import { contradictionsOf } from "./contradictions.ts";
import { withDecidedStart } from "./decided-start.ts";
import type { ManifestSource } from "./manifest-source.ts";
import type { Pins } from "./pins.ts";
import type { Plan } from "./plan.ts";
import { planEnvironments } from "./plan-environments.ts";
import { planService } from "./plan-service.ts";
import { planStores } from "./plan-stores.ts";

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
  target,
  made = new Set(),
}: PlanInput): Plan {
  const settings = manifest?.generate;
  const project = manifest?.project ?? folder;
  const home = repositoryName(manifest?.repository) ?? repository ?? null;
  const chosen = target ?? settings?.platform ?? targetInUse(report) ?? "compose";
  const stores = planStores(report, manifest);
  const assumptions: string[] = [];
  const found = chosenServices(report, manifest);
  const services = found.map(({ name, scanned }) => {
    const decided = manifest && withDecidedStart(manifest, name, scanned, tree);
    const about = { name, scanned, report, manifest: decided, source };
    return planService({ ...about, project, repository: home, stores, tree, made, assumptions });
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
    cloud: cloudOf(chosen, settings?.terraform),
    ci: pipelineOf(report),
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
    contradictions: manifest ? contradictionsOf(manifest, found, { report, tree, source }) : [],
  };
}

/** Services of the manifest, each with what was found in its folder; without a manifest those that were found. */
function chosenServices(
  report: ScanReport,
  manifest: ManifestConfig | undefined,
): { name: string; scanned: ScannedService | undefined }[] {
  if (!manifest) return report.services.map((scanned) => ({ name: scanned.name, scanned }));
  return Object.entries(manifest.services).map(([name, { path }]) => {
    const folder = path.replace(/^\.\/(?=.)/, "").replace(/\/+$/, "") || ".";
    const here = report.services.filter((service) => service.path === folder);
    return { name, scanned: here.find((service) => service.name === name) ?? here[0] };
  });
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

function pipelineOf({ platforms }: ScanReport): Plan["ci"] {
  const has = (id: string) => platforms.some((platform) => platform.id === id);
  if (has("github-actions")) return "github-actions";
  if (has("gitlab-ci")) return "gitlab";
  return has("jenkins") ? "jenkins" : "github-actions";
}

const REGIONS = { aws: "eu-west-1", gcp: "europe-west1", azure: "westeurope" } as const;

function cloudOf(
  target: GenerateTarget,
  given: { cloud: keyof typeof REGIONS; region: string } | undefined,
): Plan["cloud"] {
  if (given) return { provider: given.cloud, region: given.region };
  const provider = target === "gcp" || target === "azure" ? target : "aws";
  return { provider, region: REGIONS[provider] };
}

/** owner/name of an address on GitHub. */
function repositoryName(address: string | undefined): string | undefined {
  return /^(?:(?:https|ssh):\/\/(?:[\w.-]+@)?github\.com\/|git@github\.com:)?([\w.-]+\/[\w.-]+?)(?:\.git)?$/.exec(
    address ?? "",
  )?.[1];
}
