import { imageOf } from "../../pins.ts";
import { checkedServices, commandsOf } from "../../pipeline/commands.ts";
import { imageVariable } from "../../pipeline/release.ts";
import { storeVariables, type TestStore, testStores } from "../../pipeline/test-stores.ts";
import { imageSetUp, toolImage } from "../../pipeline/toolchain.ts";
import type { Plan, PlannedService } from "../../plan.ts";

type Jobs = Record<string, object>;

/** A job for each service, with its databases beside it; run where something changed that it is made of. */
export function checkJobs(plan: Plan): Jobs {
  const found = checkedServices(plan).flatMap((service) => {
    const job = checkJob(service, plan);
    return job ? [[`test-${service.name}`, job] as const] : [];
  });
  return Object.fromEntries(found);
}

const CACHES: Record<string, { variable: string; folder: string }> = {
  npm: { variable: "npm_config_cache", folder: ".npm" },
  pip: { variable: "PIP_CACHE_DIR", folder: ".pip" },
};

function checkJob(service: PlannedService, plan: Plan): object | undefined {
  const { root, folder, setUp, install, prepare, lint, migrate, test, build } = commandsOf(service, plan);
  const image = toolImage(service, plan);
  const stores = test === null ? [] : testStores(service, plan);
  const variables = storeVariables(service, stores, ({ name, port }) => ({ host: name, port }));
  const at = (path: string, commands: readonly (string | null)[]) => {
    const real = commands.filter((command) => command !== null);
    return real.length === 0 ? [] : [...(path === "." ? [] : [`cd "$CI_PROJECT_DIR/${path}"`]), ...real];
  };
  const first = [imageSetUp(service, plan), setUp, install, prepare];
  const then = [lint, stores.length > 0 ? migrate : null, test, build];
  const script = [...at(root, first), ...at(folder, then)].filter(
    (line, index, all) => !(line.startsWith("cd ") && all.indexOf(line) < index),
  );
  if (!image || script.length === 0) return undefined;
  const cache = service.lockfile === null ? undefined : CACHES[service.packageManager ?? ""];
  const all = { ...variables, ...(cache ? { [cache.variable]: `$CI_PROJECT_DIR/${cache.folder}` } : {}) };
  const changes = changesOf(service, plan);
  return {
    stage: "test",
    image,
    ...(stores.length > 0 ? { services: stores.map(serviceOf) } : {}),
    ...(Object.keys(all).length > 0 ? { variables: all } : {}),
    ...(cache ? { cache: { key: { files: [service.lockfile] }, paths: [`${cache.folder}/`] } } : {}),
    ...(changes.length > 0 ? { rules: [{ if: "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH" }, { changes }] } : {}),
    timeout: "20 minutes",
    script,
  };
}

function serviceOf({ name, image, env }: TestStore): object {
  return { name: image, alias: name, ...(Object.keys(env).length > 0 ? { variables: env } : {}) };
}

/** On merge requests a service is tested where its folder, or one it is built with, has changed. */
function changesOf({ path, internal, workspace }: PlannedService, { services }: Plan): string[] {
  if (services.length < 2 || services.some((service) => service.path === ".")) return [];
  const root = workspace === null ? [] : [workspace === "." ? "*" : `${workspace}/*`];
  return [...[path, ...internal].map((folder) => `${folder}/**/*`), ...root, ".gitlab-ci.yml"];
}

/** Packages, secrets, code and images. */
export function scanJobs({ pins }: Plan, images: readonly PlannedService[]): Jobs {
  const trivy = imageOf(pins, "trivy", "0");
  const gitleaks = imageOf(pins, "gitleaks", "8");
  const semgrep = imageOf(pins, "semgrep", "1");
  const limits = "--severity HIGH,CRITICAL --ignore-unfixed --exit-code 1 --no-progress";
  const job = (image: string, script: readonly string[]) => ({
    stage: "scan",
    image: { name: image, entrypoint: [""] },
    timeout: "20 minutes",
    script,
  });
  return {
    ...(trivy ? { "scan-packages": { ...job(trivy, [`trivy fs --scanners vuln ${limits} .`]), needs: [] } } : {}),
    ...(gitleaks
      ? {
          "scan-secrets": {
            ...job(gitleaks, ["gitleaks git --redact --no-banner --exit-code 1 ."]),
            needs: [],
            variables: { GIT_DEPTH: "0" },
          },
        }
      : {}),
    ...(semgrep
      ? { "scan-code": { ...job(semgrep, ["semgrep scan --config p/default --metrics off --error ."]), needs: [] } }
      : {}),
    ...(trivy && images.length > 0
      ? {
          "scan-images": {
            ...job(
              trivy,
              images.map((service) => `trivy image ${limits} "$${imageVariable(service)}"`),
            ),
            needs: ["build"],
            rules: [{ if: "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH" }],
            variables: { TRIVY_USERNAME: "$CI_REGISTRY_USER", TRIVY_PASSWORD: "$CI_REGISTRY_PASSWORD" },
          },
        }
      : {}),
  };
}
