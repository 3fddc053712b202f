import { quoteForShell } from "../../exec/quote.ts";
import { imageName } from "../../formats/image-name.ts";
import { contextOf } from "../kinds/dockerfile/context.ts";
import type { Plan, PlannedService } from "../plan.ts";

/** Something that has to be set for a job: a setting or a secret of the repository or environment. */
export interface Needed {
  name: string;
  secret: boolean;
  /** For people: what it holds. */
  what: string;
  /** What holds where nobody sets it. */
  default?: string;
}

/** One step of a deployment, for `sh`. */
export interface Step {
  /** Stable, for conditions. */
  id: string;
  name: string;
  script: string;
}

/** How a release gets to an environment. The same scripts serve all pipelines. */
export interface Delivery {
  needs: readonly Needed[];
  /** Whether it takes images that were built before, as `<SERVICE>_IMAGE` with their digest. */
  images: boolean;
  /** Cloud that knows the job by its identity instead of a key. */
  login: "aws" | "gcp" | "azure" | null;
  /** Whether the job needs the command line of Stationmaster. */
  stationmaster: boolean;
  /** Empty where the target runs nothing of the plan. */
  steps: readonly Step[];
  /** Goes back to what ran before; only after the step `release` has begun. */
  rollback: Step | null;
  /** The step `release` goes back by itself where it fails: only what fails behind it calls for `rollback`. */
  goesBackItself?: true;
  /** The steps ask what they brought up at an address of its own: there is no other. */
  asksItself?: true;
  /** For plans without an address: whether the programs go on running. */
  proof?: Step;
  notes: readonly string[];
}

export type Stage = "staging" | "production";

/** Targets whose environments are named by the files of Terraform; clouds let in only jobs of the environment of that name. */
const NAMED_BY_TERRAFORM = new Set<Plan["target"]>(["aws", "gcp", "azure"]);

/** Name of the environment of a stage, as the manifest has it. */
export function environmentName({ environments, target }: Plan, stage: Stage): string {
  if (NAMED_BY_TERRAFORM.has(target)) return stage;
  const found = environments.find(({ production, preview }) => !preview && production === (stage === "production"));
  return found?.name ?? stage;
}

/** Variable with the image of a service and its digest: `API_IMAGE`. */
export function imageVariable({ name }: PlannedService): string {
  return `${constantName(name)}_IMAGE`;
}

/** A name for variables: `shop-api` as SHOP_API. */
export function constantName(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
}

/** Services that become images. */
export function imageServices({ services, target, tree }: Plan): PlannedService[] {
  return services.filter(({ dockerfile }) => target !== "vercel" || tree.has(dockerfile.path));
}

/** Where the image of a service is pushed, for a shell; without a known registry `REGISTRY` names it. */
export function repositoryOf({ image, name }: PlannedService, ci: Plan["ci"] = "github-actions"): string {
  if (ci === "gitlab") return `$CI_REGISTRY_IMAGE/${name}`;
  return imageName(image)?.registry === undefined ? `$REGISTRY/${image}` : image;
}

/** What pushing images needs to know beyond the repository itself. */
export function registryNeeds(services: readonly PlannedService[]): Needed[] {
  return services.some(({ image }) => imageName(image)?.registry === undefined)
    ? [{ name: "REGISTRY", secret: false, what: "registry and owner of the images, such as ghcr.io/acme" }]
    : [];
}

/** Host of the registry, for a shell. */
export function registryHost(services: readonly PlannedService[]): string {
  const known = services.map(({ image }) => imageName(image)?.registry).find((host) => host !== undefined);
  return known ?? "${REGISTRY%%/*}";
}

/** Variables that are compiled into the image, and so the same for all environments. */
export function buildVariables({ env }: PlannedService): string[] {
  return env.filter(({ phase, class: kind }) => phase === "build" && kind !== "secret").map(({ name }) => name);
}

/** Builds and pushes the image of a service; its description goes to a file in `$WORK`. */
export function buildScript(service: PlannedService, tag: string, ci: Plan["ci"] = "github-actions"): string {
  const context = contextOf(service);
  return [
    "docker buildx build --push",
    `--metadata-file "$WORK/${service.name}.json"`,
    `--file ${quoteForShell([service.dockerfile.path])}`,
    ...buildVariables(service).map((name) => `--build-arg ${name}`),
    `--tag "${repositoryOf(service, ci)}:${tag}"`,
    quoteForShell([context]),
  ].join(" \\\n  ");
}

/** Builds the image of a service on the machine of the job, to see that it can be built. */
export function trialBuild(service: PlannedService): string {
  return [
    "docker build",
    `--file ${quoteForShell([service.dockerfile.path])}`,
    ...buildVariables(service).map((name) => `--build-arg ${name}`),
    quoteForShell([contextOf(service)]),
  ].join(" ");
}

/** The digest of what `buildScript` pushed, as the output of a command. */
export function builtDigest({ name }: PlannedService): string {
  return `sed -n 's/.*"containerimage.digest": "\\(sha256:[0-9a-f]*\\)".*/\\1/p' "$WORK/${name}.json"`;
}

/** The service that is asked after a release: what people open, else the first that answers requests. */
export function smokeService({ services }: Plan): PlannedService | undefined {
  return (
    services.find(({ role, kind }) => role === "static" || (role === "http" && kind === "ssr")) ??
    services.find(({ role }) => role === "http")
  );
}

/** Asks the application until it answers well, two minutes at most; programs that no address reaches, whether they go on running. */
export function smokeStep(plan: Plan, { asksItself, proof, steps }: Delivery): Step | null {
  if (asksItself || steps.length === 0) return null;
  const front = smokeService(plan);
  if (!front) return proof ?? null;
  const path = front.role === "static" ? "/" : (front.health ?? "/");
  return {
    id: "smoke",
    name: "Smoke test",
    script: `curl --fail --silent --show-error --output /dev/null --location \\
  --max-time 10 --retry 12 --retry-delay 10 --retry-all-errors "$APP_URL${path}"`,
  };
}

/** The address that is asked, with what is known of it. */
export function addressNeed({ domain, services }: Plan, stage: Stage, { asksItself }: Delivery): Needed[] {
  if (asksItself || !services.some(({ role }) => role === "http" || role === "static")) return [];
  const known = domain === null ? {} : { default: `https://${stage === "staging" ? "staging." : ""}${domain}` };
  return [{ name: "APP_URL", secret: false, what: `address of ${stage}, such as https://shop.example.com`, ...known }];
}
