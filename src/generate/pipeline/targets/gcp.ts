import type { Plan, PlannedService } from "../../plan.ts";
import { type Delivery, imageVariable, type Stage } from "../release.ts";

/** Cloud Run: a revision without traffic first, then all traffic in one step; the revision before stays for the way back. */
export function gcpDelivery(plan: Plan, stage: Stage): Delivery {
  const name = (service: PlannedService) => `${plan.project}-${stage}-${service.name}`;
  const image = (service: PlannedService) => `"$ARTIFACT_REGISTRY/${service.name}@\${${imageVariable(service)}##*@}"`;
  const serving = plan.services.filter(({ role }) => role === "http" || role === "static");
  const migrating = plan.services.filter(({ migrations }) => migrations !== null);
  const run = "gcloud run";
  const place = '--region "$GCP_REGION" --project "$GCP_PROJECT"';
  return {
    needs: [
      { name: "GCP_PROJECT", secret: false, what: "id of the project" },
      { name: "GCP_REGION", secret: false, what: "region", default: plan.cloud.region },
      {
        name: "GCP_WORKLOAD_PROVIDER",
        secret: false,
        what: "projects/…/locations/global/workloadIdentityPools/…/providers/…",
      },
      { name: "GCP_SERVICE_ACCOUNT", secret: false, what: "account of the pipeline" },
      { name: "ARTIFACT_REGISTRY", secret: false, what: "such as europe-west1-docker.pkg.dev/project/images" },
    ],
    images: true,
    login: "gcp",
    stationmaster: false,
    steps: [
      {
        id: "copy",
        name: "Copy the images into this project",
        script: [
          'gcloud auth configure-docker --quiet "${ARTIFACT_REGISTRY%%/*}"',
          ...plan.services.map(
            (service) =>
              `docker buildx imagetools create --prefer-index=false \\\n  --tag "$ARTIFACT_REGISTRY/${service.name}:$RELEASE" "$${imageVariable(service)}"`,
          ),
        ].join("\n"),
      },
      ...migrating.map((service) => ({
        id: `migrate-${service.name}`,
        name: `Migrate the database of ${service.name}`,
        script: `${run} jobs update ${name(service)}-migrate ${place} --image ${image(service)}
${run} jobs execute ${name(service)}-migrate ${place} --wait`,
      })),
      {
        id: "candidate",
        name: "Start the new revisions without traffic",
        script: serving
          .map(
            (service) => `${run} services describe ${name(service)} ${place} \\
  --format 'value(status.traffic[0].revisionName)' > "$WORK/${service.name}.previous"
${run} deploy ${name(service)} ${place} --quiet --no-traffic --image ${image(service)}`,
          )
          .join("\n"),
      },
      {
        id: "release",
        name: `Move all traffic of ${stage}`,
        script: serving
          .map((service) => `${run} services update-traffic ${name(service)} ${place} --to-latest`)
          .join("\n"),
      },
    ],
    rollback: {
      id: "rollback",
      name: "Go back to the revision before",
      script: serving
        .map(
          (service) =>
            `${run} services update-traffic ${name(service)} ${place} \\\n  --to-revisions "$(cat "$WORK/${service.name}.previous")=100"`,
        )
        .join("\n"),
    },
    notes:
      migrating.length > 0
        ? [`migrations run as jobs of Cloud Run: ${migrating.map((service) => `${name(service)}-migrate`).join(", ")}`]
        : [],
  };
}
