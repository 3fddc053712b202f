import { fitted, projectSlug } from "../../kinds/terraform/naming.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { constantName, type Delivery, imageVariable, type Stage, type Step } from "../release.ts";
import { copyImages } from "./copy.ts";
import { type Program, pagesNeed, pagesOut, programsOf } from "./programs.ts";

const PLACE = '--region "$GCP_REGION" --project "$GCP_PROJECT"';
/** What Cloud Run takes, less the environment and two hyphens: as the files of Terraform name things. */
const LONGEST_NAME = 49 - 10 - 2;

/** Cloud Run: a revision without traffic first, then all traffic in one step; the revision before stays for the way back. */
export function gcpDelivery(plan: Plan, stage: Stage): Delivery {
  const project = projectSlug(plan);
  const name = ({ workload }: Program) => `${project}-${stage}-${fitted(workload.name, LONGEST_NAME - project.length)}`;
  const { services, servers, workers, jobs, migrations, pages } = programsOf(plan);
  const steps: Step[] = [
    ...(services.length > 0
      ? [{ id: "copy", name: "Copy the images into this project", script: copyScript(services) }]
      : []),
    {
      id: "previous",
      name: "Note what runs now",
      script: [
        ...servers.map(
          (program) => `gcloud run services describe ${name(program)} ${PLACE} \\
  --format 'value(status.traffic[0].revisionName)' > "$WORK/${name(program)}.previous"`,
        ),
        ...workers.map(
          (program) => `gcloud run worker-pools revisions list --worker-pool ${name(program)} ${PLACE} \\
  --sort-by '~metadata.creationTimestamp' --limit 1 --format 'value(metadata.name)' > "$WORK/${name(program)}.previous"`,
        ),
        ...pages.map(
          (service) => `${folders(service)}\n${copyPages(bucket(service), `$WORK/${service.name}.previous`)}`,
        ),
      ].join("\n"),
    },
    ...migrations.map((program) => ({
      id: `migrate-${program.service.name}`,
      name: `Migrate the database of ${program.service.name}`,
      script: `gcloud run jobs update ${name(program)} ${PLACE} --image ${image(program)}
gcloud run jobs execute ${name(program)} ${PLACE} --wait`,
    })),
    {
      id: "candidate",
      name: "Start the new revisions without traffic",
      script: servers
        .map(
          (program) =>
            `gcloud run deploy ${name(program)} ${PLACE} --quiet --no-traffic \\\n  --image ${image(program)}`,
        )
        .join("\n"),
    },
    {
      id: "release",
      name: `Release to ${stage}`,
      script: [
        ...servers.map((program) => `gcloud run services update-traffic ${name(program)} ${PLACE} --to-latest`),
        ...workers.map(
          (program) => `gcloud run worker-pools update ${name(program)} ${PLACE} --image ${image(program)}
gcloud run worker-pools update-instance-split ${name(program)} ${PLACE} --to-latest`,
        ),
        ...jobs.map((program) => `gcloud run jobs update ${name(program)} ${PLACE} --image ${image(program)}`),
        ...pages.map((service) => `${pagesOut(service)}\n${copyPages(`$WORK/${service.name}`, bucket(service))}`),
        ...(pages.length > 0 ? [EMPTY_CACHE] : []),
      ].join("\n"),
    },
  ];
  const back = [
    ...servers.map(
      (program) =>
        `gcloud run services update-traffic ${name(program)} ${PLACE} \\\n  --to-revisions "$(cat "$WORK/${name(program)}.previous")=100"`,
    ),
    ...workers.map(
      (program) =>
        `gcloud run worker-pools update-instance-split ${name(program)} ${PLACE} \\\n  --to-revisions "$(cat "$WORK/${name(program)}.previous")=100"`,
    ),
    ...pages.map((service) => copyPages(`$WORK/${service.name}.previous`, bucket(service))),
    ...(pages.length > 0 ? [EMPTY_CACHE] : []),
  ];
  return {
    needs: [
      { name: "GCP_PROJECT", secret: false, what: "id of the project" },
      { name: "GCP_REGION", secret: false, what: "region", default: plan.cloud.region },
      {
        name: "GCP_WORKLOAD_PROVIDER",
        secret: false,
        what: "output workload_identity_provider of infra/gcp: projects/…/providers/…",
      },
      {
        name: "GCP_SERVICE_ACCOUNT",
        secret: false,
        what: "account of the pipeline, output deploy_account of infra/gcp",
      },
      ...(services.length > 0
        ? [{ name: "ARTIFACT_REGISTRY", secret: false, what: "output registry of infra/gcp" }]
        : []),
      ...pages.flatMap((service) => [
        {
          name: `${constantName(service.name)}_BUCKET`,
          secret: false,
          what: `bucket with the pages of ${service.name}, output pages of infra/gcp`,
        },
        ...pagesNeed(service),
      ]),
      ...(pages.length > 0 ? [{ name: "URL_MAP", secret: false, what: "output url_map of infra/gcp" }] : []),
    ],
    images: true,
    login: "gcp",
    stationmaster: false,
    steps: steps.filter(({ script }) => script !== ""),
    rollback:
      back.length > 0 ? { id: "rollback", name: "Go back to the revision before", script: back.join("\n") } : null,
    ...(workers.length > 0 ? { proof: proofStep(workers.map(name)) } : {}),
    notes: [],
  };
}

function copyScript(services: readonly PlannedService[]): string {
  return [
    'gcloud auth configure-docker --quiet "${ARTIFACT_REGISTRY%%/*}"',
    copyImages(services, ({ name }) => `$ARTIFACT_REGISTRY/${name}`),
  ].join("\n");
}

function image({ service }: Program): string {
  return `"$ARTIFACT_REGISTRY/${service.name}@\${${imageVariable(service)}##*@}"`;
}

function bucket({ name }: PlannedService): string {
  return `gs://$${constantName(name)}_BUCKET`;
}

/** The folder has to be there before anything is copied into it. */
function folders({ name }: PlannedService): string {
  return `mkdir -p "$WORK/${name}.previous"`;
}

/** Files of the release before stay beside the new ones: pages that are open go on loading them. */
function copyPages(from: string, to: string): string {
  return `gcloud storage rsync --recursive "${from}" "${to}"`;
}

const EMPTY_CACHE =
  'gcloud compute url-maps invalidate-cdn-cache "$URL_MAP" --project "$GCP_PROJECT" --path \'/*\' --async';

function proofStep(names: readonly string[]): Step {
  return {
    id: "smoke",
    name: "Smoke test: it goes on running",
    script: [
      "sleep 60",
      ...names.map(
        (name) => `gcloud run worker-pools describe ${name} ${PLACE} --format json |
  jq -e '[.. | .conditions? // empty | .[]? | select(.type == "Ready")] | all(.status == "True" or .state == "CONDITION_SUCCEEDED")'`,
      ),
    ].join("\n"),
  };
}
