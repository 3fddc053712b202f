import type { Plan, PlannedService } from "../../plan.ts";
import { type Delivery, imageVariable, type Stage } from "../release.ts";

/** Container Apps: the digest is copied into the registry of the subscription; the image before is noted for the way back. */
export function azureDelivery(plan: Plan, stage: Stage): Delivery {
  const name = (service: PlannedService) => `${plan.project}-${stage}-${service.name}`;
  const image = (service: PlannedService) => `"$ACR_SERVER/${service.name}@\${${imageVariable(service)}##*@}"`;
  const running = plan.services.filter(({ role }) => role !== "cron" && role !== "job");
  const migrating = plan.services.filter(({ migrations }) => migrations !== null);
  const group = '--resource-group "$AZURE_RESOURCE_GROUP"';
  return {
    needs: [
      {
        name: "AZURE_CLIENT_ID",
        secret: false,
        what: "identity of the pipeline, with a federated credential for this environment",
      },
      { name: "AZURE_TENANT_ID", secret: false, what: "tenant" },
      { name: "AZURE_SUBSCRIPTION_ID", secret: false, what: "subscription" },
      { name: "AZURE_RESOURCE_GROUP", secret: false, what: "resource group of the environment" },
      { name: "ACR_SERVER", secret: false, what: "registry, such as shop.azurecr.io" },
    ],
    images: true,
    login: "azure",
    stationmaster: false,
    steps: [
      {
        id: "copy",
        name: "Copy the images into this subscription",
        script: [
          'az acr login --name "${ACR_SERVER%%.*}"',
          ...plan.services.map(
            (service) =>
              `docker buildx imagetools create --prefer-index=false \\\n  --tag "$ACR_SERVER/${service.name}:$RELEASE" "$${imageVariable(service)}"`,
          ),
        ].join("\n"),
      },
      ...migrating.map((service) => ({
        id: `migrate-${service.name}`,
        name: `Migrate the database of ${service.name}`,
        script: `job=${name(service)}-migrate
az containerapp job update --name "$job" ${group} --image ${image(service)} --output none
run=$(az containerapp job start --name "$job" ${group} --query name --output tsv)
for _ in $(seq 60); do
  state=$(az containerapp job execution show --name "$job" ${group} --job-execution-name "$run" \\
    --query properties.status --output tsv)
  case $state in Succeeded) break ;; Failed) exit 1 ;; esac
  sleep 10
done
test "$state" = Succeeded`,
      })),
      {
        id: "previous",
        name: "Note what runs now",
        script: running
          .map(
            (service) => `az containerapp show --name ${name(service)} ${group} \\
  --query 'properties.template.containers[0].image' --output tsv > "$WORK/${service.name}.previous"`,
          )
          .join("\n"),
      },
      {
        id: "release",
        name: `Release to ${stage}`,
        script: running
          .map(
            (service) =>
              `az containerapp update --name ${name(service)} ${group} \\\n  --image ${image(service)} --output none`,
          )
          .join("\n"),
      },
    ],
    rollback: {
      id: "rollback",
      name: "Go back to the image before",
      script: running
        .map(
          (service) =>
            `az containerapp update --name ${name(service)} ${group} \\\n  --image "$(cat "$WORK/${service.name}.previous")" --output none`,
        )
        .join("\n"),
    },
    notes:
      migrating.length > 0
        ? [
            `migrations run as jobs of Container Apps: ${migrating.map((service) => `${name(service)}-migrate`).join(", ")}`,
          ]
        : [],
  };
}
