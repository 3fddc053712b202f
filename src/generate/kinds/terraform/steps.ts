import type { HclBlock } from "../../../formats/hcl/write.ts";

/** What the steps are about: a root module, where its state lies, and the secrets that people set. */
interface Applied {
  folder: string;
  files: Record<string, { blocks: readonly HclBlock[] }>;
  init: string;
  secrets: readonly string[];
}

/** What has to be there before programs start: where images lie, and where secrets do that programs do not start without. */
const FIRST = [
  /^aws_ecr_repository\./,
  /^aws_secretsmanager_secret\.(?!.*_password$)/,
  /^google_artifact_registry_repository\./,
  /^google_secret_manager_secret\.(?!.*_password$|cache_ca$)/,
  /^azurerm_container_registry\./,
  /^azurerm_key_vault\./,
  /^azurerm_role_assignment\.vault_writer$/,
];

/** From nothing to what a first release needs, in order, for the top of the values of an environment. */
export function applySteps({ folder, files, init, secrets }: Applied, environment: string, values: string): string[] {
  const blocks = Object.values(files).flatMap((file) => file.blocks);
  const first = blocks
    .filter(({ block }) => block === "resource")
    .map(({ labels = [] }) => labels.join("."))
    .filter((address) => FIRST.some((pattern) => pattern.test(address)));
  const open = openVariables(blocks, values);
  const given = open.length > 0 ? ` -var-file=${environment}.given.tfvars` : "";
  const apply = `terraform -chdir=${folder} apply -var-file=environments/${environment}.tfvars${given}`;
  const steps = [
    `terraform -chdir=${folder} init -reconfigure ${init.replaceAll("ENVIRONMENT", environment)}`,
    ...(open.length > 0
      ? [`say in ${folder}/${environment}.given.tfvars, which is not committed: ${open.join(", ")}`]
      : []),
    ...(first.length > 0
      ? [
          [apply, ...first.map((address) => `-target=${address}`)].join(" "),
          "copy each image into the registry, by the digest that images names: docker buildx imagetools create --prefer-index=false --tag REPOSITORY:first SOURCE@DIGEST",
        ]
      : []),
    ...(secrets.length > 0 ? [`set the secrets: ${secrets.join(", ")}`.replaceAll("ENVIRONMENT", environment)] : []),
    apply,
    "give the outputs to the pipeline as its variables, and let it release",
  ];
  return ["The first time:", ...steps.map((step, index) => `${index + 1}. ${step}`)];
}

/** Variables that nothing gives a value. */
function openVariables(blocks: readonly HclBlock[], values: string): string[] {
  return blocks
    .filter(
      ({ block, body }) =>
        block === "variable" && !body.some((entry) => "attribute" in entry && entry.attribute === "default"),
    )
    .map(({ labels = [] }) => labels[0] ?? "")
    .filter((name) => !new RegExp(`^${name} +=`, "m").test(values));
}
