import type { GeneratedFile } from "../../kind.ts";
import { imageOf } from "../../pins.ts";
import { checkedServices, commandsOf } from "../../pipeline/commands.ts";
import { imageServices } from "../../pipeline/release.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { contextOf } from "../dockerfile/context.ts";
import { toolsOf } from "./setup.ts";
import { action, BASH, checkout, RUNNER, script, type Values, workflowText } from "./workflow.ts";

/** Languages as CodeQL calls them. Rust and others it does not read are left to the scan of packages. */
const CODEQL: Record<string, string> = {
  JavaScript: "javascript-typescript",
  TypeScript: "javascript-typescript",
  Python: "python",
  Go: "go",
  Java: "java-kotlin",
  Kotlin: "java-kotlin",
  Ruby: "ruby",
  "C#": "csharp",
};
/** Read without building. Go is built by the action itself. */
const BUILT = new Set(["go"]);

/** Packages, secrets, code and images, looked at on every change and once a week, since new faults become known of old code. */
export function securityWorkflow(plan: Plan): GeneratedFile {
  const trivy = imageOf(plan.pins, "trivy", "0");
  const gitleaks = imageOf(plan.pins, "gitleaks", "8");
  const languages = [...new Set(plan.services.flatMap(({ language }) => CODEQL[language ?? ""] ?? []))].sort();
  const review = action(plan.pins, "actions/dependency-review-action");
  const init = action(plan.pins, "github/codeql-action", "/init");
  const images = imageServices(plan);
  const audits = checkedServices(plan).filter((service) => commandsOf(service, plan).audit !== null);
  const jobs: Values = {
    ...(review ? { review: reviewJob(plan, review) } : {}),
    ...(trivy ? { packages: packagesJob(plan, trivy) } : {}),
    ...Object.fromEntries(
      audits.map((service) => [`audit-${service.name.replace(/[^\w-]/g, "-")}`, auditJob(service, plan)]),
    ),
    ...(gitleaks ? { secrets: secretsJob(plan, gitleaks) } : {}),
    ...(init && languages.length > 0 ? { code: codeJob(plan, init, languages) } : {}),
    ...(trivy && images.length > 0 ? { images: imagesJob(plan, trivy, images) } : {}),
  };
  const workflow = {
    name: "security-scan",
    on: {
      pull_request: {},
      push: { branches: [plan.defaultBranch] },
      schedule: [{ cron: "17 4 * * 1" }],
      workflow_dispatch: {},
    },
    permissions: { contents: "read" },
    concurrency: { group: "${{ github.workflow }}-${{ github.ref }}", "cancel-in-progress": true },
    defaults: BASH,
    jobs,
  };
  return {
    path: ".github/workflows/security-scan.yml",
    text: workflowText(workflow, { about: "Looks for known faults, secrets and unsafe code.", pins: plan.pins }),
    ownership: "managed",
    why: "packages, secrets, code and images, on every change and every Monday",
    ...(init && languages.length > 0
      ? {
          notes: [
            "results of CodeQL in a private repository need GitHub Advanced Security; without it, remove the job `code`",
          ],
        }
      : {}),
  };
}

function job(name: string, steps: readonly Values[], more: Values = {}): Values {
  return { name, ...more, "runs-on": RUNNER, "timeout-minutes": 20, steps };
}

function reviewJob({ pins }: Plan, uses: string): Values {
  return job("New packages", [...checkout(pins), { uses, with: { "fail-on-severity": "high" } }], {
    if: "github.event_name == 'pull_request'",
  });
}

function packagesJob({ pins }: Plan, trivy: string): Values {
  const run = `docker run --rm --volume "$GITHUB_WORKSPACE:/repository:ro" ${trivy} \\
  fs --scanners vuln --severity HIGH,CRITICAL --ignore-unfixed --exit-code 1 --no-progress /repository`;
  return job("Packages", [...checkout(pins), script("Look up all lockfiles", run)]);
}

function auditJob(service: PlannedService, plan: Plan): Values {
  const commands = commandsOf(service, plan);
  const { container, steps } = toolsOf(service, plan, commands, { cache: false });
  const at = commands.root === "." ? {} : { "working-directory": commands.root };
  const own = commands.audit?.startsWith("go run")
    ? service.path === "."
      ? {}
      : { "working-directory": service.path }
    : at;
  return job(
    `Packages of ${service.name}`,
    [
      ...checkout(plan.pins),
      ...steps.map((step) => (step.run ? { ...step, ...at } : step)),
      script("Ask the package manager", commands.audit ?? "", own),
    ],
    container ? { container } : {},
  );
}

function secretsJob({ pins }: Plan, gitleaks: string): Values {
  const run = `docker run --rm --user "$(id -u):$(id -g)" --volume "$GITHUB_WORKSPACE:/repository:ro" ${gitleaks} \\
  git --redact --no-banner --exit-code 1 /repository`;
  return job("Secrets", [...checkout(pins, { "fetch-depth": 0 }), script("Look through all commits", run)]);
}

function codeJob(plan: Plan, init: string, languages: readonly string[]): Values {
  const analyze = init.replace("/init@", "/analyze@");
  const include = languages.map((language) => ({ language, mode: BUILT.has(language) ? "autobuild" : "none" }));
  return job(
    "Code",
    [
      ...checkout(plan.pins),
      { uses: init, with: { languages: "${{ matrix.language }}", "build-mode": "${{ matrix.mode }}" } },
      { uses: analyze, with: { category: "/language:${{ matrix.language }}" } },
    ],
    {
      permissions: { contents: "read", "security-events": "write", actions: "read" },
      strategy: { "fail-fast": false, matrix: { include } },
    },
  );
}

function imagesJob({ pins }: Plan, trivy: string, images: readonly PlannedService[]): Values {
  const include = images.map((service) => ({
    service: service.name,
    dockerfile: service.dockerfile.path,
    context: contextOf(service),
  }));
  const scan = `docker run --rm --volume /var/run/docker.sock:/var/run/docker.sock:ro ${trivy} \\
  image --severity HIGH,CRITICAL --ignore-unfixed --exit-code 1 --no-progress "scan/$SERVICE"`;
  return job(
    "Images",
    [
      ...checkout(pins),
      script("Build the image", 'docker build --file "$DOCKERFILE" --tag "scan/$SERVICE" "$CONTEXT"', {
        env: {
          CONTEXT: "${{ matrix.context }}",
          DOCKERFILE: "${{ matrix.dockerfile }}",
          SERVICE: "${{ matrix.service }}",
        },
      }),
      script("Look through its packages", scan, { env: { SERVICE: "${{ matrix.service }}" } }),
    ],
    { strategy: { "fail-fast": false, matrix: { include } } },
  );
}
