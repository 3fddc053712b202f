import { fitted } from "../../kinds/terraform/naming.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { constantName, type Delivery, imageVariable, type Stage, type Step } from "../release.ts";
import { copyImages } from "./copy.ts";
import { type Program, pagesNeed, pagesOut, programsOf } from "./programs.ts";

const GROUP = '--resource-group "$AZURE_RESOURCE_GROUP"';
/** As the files of Terraform name apps. */
const LONGEST_NAME = 20;

/** Container Apps: the digest is copied into the registry of the subscription; the image before is noted for the way back. */
export function azureDelivery(plan: Plan, stage: Stage): Delivery {
  const name = ({ workload }: Program) => `${fitted(workload.name, LONGEST_NAME)}-${stage}`;
  const { services, servers, workers, jobs, migrations, pages } = programsOf(plan);
  const apps = [...servers, ...workers];
  const steps: Step[] = [
    ...(services.length > 0
      ? [{ id: "copy", name: "Copy the images into this subscription", script: copyScript(services) }]
      : []),
    {
      id: "previous",
      name: "Note what runs now",
      script: [
        ...apps.map(
          (program) => `az containerapp show --name ${name(program)} ${GROUP} \\
  --query 'properties.template.containers[0].image' --output tsv > "$WORK/${name(program)}.previous"`,
        ),
        ...pages.map(
          (service) => `mkdir -p "$WORK/${service.name}.previous"
az storage blob download-batch --source '$web' --destination "$WORK/${service.name}.previous" \\
  ${account(service)} --output none`,
        ),
      ].join("\n"),
    },
    ...migrations.map((program) => ({
      id: `migrate-${program.service.name}`,
      name: `Migrate the database of ${program.service.name}`,
      script: migrateScript(name(program), image(program)),
    })),
    {
      id: "release",
      name: `Release to ${stage}`,
      script: [
        ...(apps.length > 0 ? [SETTLED] : []),
        ...apps.map(
          (program) =>
            `az containerapp update --name ${name(program)} ${GROUP} \\\n  --image ${image(program)} --output none`,
        ),
        ...apps.map((program) => `settled ${name(program)}`),
        ...jobs.map(
          (program) =>
            `az containerapp job update --name ${name(program)} ${GROUP} \\\n  --image ${image(program)} --output none`,
        ),
        ...pages.map((service) => `${pagesOut(service)}\n${pagesIn(service, service.name)}`),
        ...(pages.length > 0 ? [EMPTY_CACHE] : []),
      ].join("\n"),
    },
  ];
  const back = [
    ...apps.map(
      (program) =>
        `az containerapp update --name ${name(program)} ${GROUP} \\\n  --image "$(cat "$WORK/${name(program)}.previous")" --output none`,
    ),
    ...pages.map((service) => pagesIn(service, `${service.name}.previous`)),
    ...(pages.length > 0 ? [EMPTY_CACHE] : []),
  ];
  return {
    needs: [
      {
        name: "AZURE_CLIENT_ID",
        secret: false,
        what: "identity of the pipeline, output deploy_client_id of infra/azure",
      },
      { name: "AZURE_TENANT_ID", secret: false, what: "output tenant_id of infra/azure" },
      { name: "AZURE_SUBSCRIPTION_ID", secret: false, what: "output subscription_id of infra/azure" },
      { name: "AZURE_RESOURCE_GROUP", secret: false, what: "output resource_group of infra/azure" },
      ...(services.length > 0 ? [{ name: "ACR_SERVER", secret: false, what: "output registry of infra/azure" }] : []),
      ...pages.flatMap((service) => [
        {
          name: `${constantName(service.name)}_ACCOUNT`,
          secret: false,
          what: `storage account with the pages of ${service.name}, output pages of infra/azure`,
        },
        ...pagesNeed(service),
      ]),
      ...(pages.length > 0
        ? [
            { name: "FRONT_DOOR", secret: false, what: "profile, output front_door of infra/azure" },
            { name: "FRONT_DOOR_ENDPOINT", secret: false, what: "endpoint, output front_door of infra/azure" },
          ]
        : []),
    ],
    images: true,
    login: "azure",
    stationmaster: false,
    steps: steps.filter(({ script }) => script !== ""),
    rollback:
      back.length > 0 ? { id: "rollback", name: "Go back to the release before", script: back.join("\n") } : null,
    ...(apps.length > 0 ? { proof: proofStep(apps.map(name)) } : {}),
    notes: [],
  };
}

function copyScript(services: readonly PlannedService[]): string {
  return ['az acr login --name "${ACR_SERVER%%.*}"', copyImages(services, ({ name }) => `$ACR_SERVER/${name}`)].join(
    "\n",
  );
}

function image({ service }: Program): string {
  return `"$ACR_SERVER/${service.name}@\${${imageVariable(service)}##*@}"`;
}

function account({ name }: PlannedService): string {
  return `--account-name "$${constantName(name)}_ACCOUNT" --auth-mode login`;
}

function migrateScript(job: string, reference: string): string {
  return `az containerapp job update --name ${job} ${GROUP} --image ${reference} --output none
run=$(az containerapp job start --name ${job} ${GROUP} --query name --output tsv)
for _ in $(seq 60); do
  state=$(az containerapp job execution show --name ${job} ${GROUP} --job-execution-name "$run" \\
    --query properties.status --output tsv)
  case $state in Succeeded) break ;; Failed) exit 1 ;; esac
  sleep 10
done
test "$state" = Succeeded`;
}

/** An update ends before its revision is ready. */
const SETTLED = `settled() {
  for _ in $(seq 60); do
    latest=$(az containerapp show --name "$1" ${GROUP} --query properties.latestRevisionName --output tsv)
    ready=$(az containerapp show --name "$1" ${GROUP} --query properties.latestReadyRevisionName --output tsv)
    if [ "$latest" = "$ready" ]; then return 0; fi
    sleep 10
  done
  echo "$1 did not become ready" >&2
  return 1
}`;

/** Files of the release before stay beside the new ones: pages that are open go on loading them. */
function pagesIn(service: PlannedService, folder: string): string {
  return `az storage blob upload-batch --source "$WORK/${folder}" --destination '$web' --overwrite \\
  ${account(service)} --output none`;
}

const EMPTY_CACHE = `az afd endpoint purge ${GROUP} --profile-name "$FRONT_DOOR" \\
  --endpoint-name "$FRONT_DOOR_ENDPOINT" --content-paths '/*' --output none`;

function proofStep(names: readonly string[]): Step {
  return {
    id: "smoke",
    name: "Smoke test: it goes on running",
    script: [
      "sleep 60",
      ...names.map(
        (name) => `az containerapp revision list --name ${name} ${GROUP} --output json |
  jq -e 'map(select(.properties.active)) | length > 0 and all(.properties.runningState != "Failed" and .properties.healthState != "Unhealthy")'`,
      ),
    ].join("\n"),
  };
}
