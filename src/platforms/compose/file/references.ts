import type { Mistake } from "../../../config/problem.ts";
import { nearest } from "../../../config/spelling.ts";
import type { ComposeFile } from "./model.ts";

/** Volumes, networks, secrets, configs and services that a service names and the file does not have. */
export function missingReferences(file: Omit<ComposeFile, "notes" | "variables">): Mistake[] {
  const known = {
    volumes: Object.keys(file.volumes ?? {}),
    networks: ["default", ...Object.keys(file.networks ?? {})],
    secrets: Object.keys(file.secrets ?? {}),
    configs: Object.keys(file.configs ?? {}),
  };
  const everything = [...Object.keys(file.services), ...Object.keys(file.infrastructure)];
  return Object.entries(file.services).flatMap(([name, service]) => {
    const wants = {
      volumes: (service.volumes ?? []).map(({ type, source }) => (type === "volume" ? source : null)),
      networks: Object.keys(service.networks ?? {}),
      secrets: (service.secrets ?? []).map((grant) => (typeof grant === "string" ? grant : grant.source)),
      configs: (service.configs ?? []).map((grant) => (typeof grant === "string" ? grant : grant.source)),
    };
    const dependencies = Object.entries(service.depends_on ?? {}).filter(([, { required = true }]) => required);
    return [
      ...(["volumes", "networks", "secrets", "configs"] as const).flatMap((kind) =>
        wants[kind].flatMap((wish, index) => {
          const at = ["services", name, kind, kind === "networks" ? String(wish) : index];
          return wish === null ? [] : missing(at, wish, known[kind], `top-level ${kind}`);
        }),
      ),
      ...dependencies.flatMap(([wish]) =>
        missing(["services", name, "depends_on", wish], wish, everything, "services that are not in a profile"),
      ),
      ...endlessOnes(file, name),
      ...["secrets", "configs"].flatMap((kind) => filesOnly(file, name, kind as "secrets" | "configs", wants)),
    ];
  });
}

function missing(at: Mistake["at"], wish: string, known: string[], where: string): Mistake[] {
  if (known.includes(wish)) return [];
  const guess = nearest(wish, known);
  const message = `${at.slice(0, 3).join(".")}: "${wish}" is not among the ${where}`;
  return [
    {
      code: "SM-COMPOSE-REFERENCE",
      at,
      message,
      next: guess ? `did you mean "${guess}"?` : "add it, or correct the name",
    },
  ];
}

/** What we run serves on and on, so nobody can wait for its end. */
function endlessOnes({ services }: Pick<ComposeFile, "services">, name: string): Mistake[] {
  return Object.entries(services[name]?.depends_on ?? {})
    .filter(([other, { condition }]) => other in services && condition === "service_completed_successfully")
    .map(([other]) => ({
      code: "SM-COMPOSE-FEATURE",
      at: ["services", name, "depends_on", other],
      message: `services.${name}.depends_on.${other}: it is a service of the manifest and does not end`,
      next: `take ${other} out of the manifest, so that it is left to Compose, or wait for service_healthy`,
    }));
}

/** A secret or config reaches a container of ours as a file that is mounted. */
function filesOnly(
  file: Omit<ComposeFile, "notes" | "variables">,
  service: string,
  kind: "secrets" | "configs",
  wants: Record<"secrets" | "configs", string[]>,
): Mistake[] {
  return wants[kind].flatMap((name, index) => {
    const content = file[kind]?.[name];
    if (!content || content.file !== undefined) return [];
    return [
      {
        code: "SM-COMPOSE-FEATURE",
        at: ["services", service, kind, index],
        message: `services.${service}.${kind}: "${name}" is not a file`,
        next: "give it as `file:`, or as a variable in `environment`",
      },
    ];
  });
}
