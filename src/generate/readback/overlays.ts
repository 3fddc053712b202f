import { isRecord, listAt, stringAt } from "../../formats/document.ts";
import { parseYaml } from "../../formats/yaml.ts";
import type { Plan, PlannedService } from "../plan.ts";
import type { Claim, Said } from "./claim.ts";
import { saidByObjects, serviceOf } from "./kubernetes.ts";

/** What a path of a JSON patch changes. */
const FIELDS: readonly [path: RegExp, field: Claim["field"]][] = [
  [/^\/spec\/template\/spec\/containers\/0\/ports\/0\/containerPort$/, "port"],
  [/^\/spec\/template\/spec\/containers\/0\/(?:startup|readiness|liveness)Probe\/httpGet\/path$/, "health"],
  [/^\/spec\/template\/spec\/containers\/0\/image$/, "image"],
];

/** What an overlay changes of the base: images by their names, ports, probes, and in production replicas. Fewer before production are meant. */
export function saidByOverlay(path: string, text: string, plan: Plan): Said {
  const document = parseYaml(text);
  const line = (...at: (string | number)[]) => document.place(at)?.line ?? 1;
  const production = path.includes("/production/");
  const claims = listAt(document.value, ["patches"]).flatMap((entry, index): Claim[] => {
    const kind = stringAt(entry, ["target", "kind"]);
    const patch = stringAt(entry, ["patch"]) ?? "";
    const value = parseYaml(patch).value;
    const found = Array.isArray(value)
      ? patched(value, serviceOf(stringAt(entry, ["target", "name"]) ?? "", plan)?.name, kind)
      : saidByObjects(path, patch, plan).claims;
    return found.map((claim) => ({ ...claim, line: line("patches", index) }));
  });
  return {
    claims: [
      ...imageClaims(document.value, replacedIn(path, plan)).map((claim) => ({ ...claim, line: line("images") })),
      ...claims.filter(({ field }) => production || field !== "replicas"),
    ],
    wirings: [],
  };
}

/** What a JSON patch says of a service. */
function patched(
  operations: readonly unknown[],
  service: string | undefined,
  kind: string | undefined,
): Omit<Claim, "line">[] {
  if (service === undefined) return [];
  const valueAt = (path: string) =>
    stringAt(
      operations.find((one) => isRecord(one) && one.op !== "remove" && one.path === path),
      ["value"],
    );
  if (kind === "HorizontalPodAutoscaler") {
    const [min, max] = [valueAt("/spec/minReplicas"), valueAt("/spec/maxReplicas")];
    return min === undefined || max === undefined ? [] : [{ service, field: "replicas", value: `${min}-${max}` }];
  }
  return operations.flatMap((one) => {
    const path = stringAt(one, ["path"]) ?? "";
    const field = FIELDS.find(([pattern]) => pattern.test(path))?.[1];
    const value = stringAt(one, ["value"]);
    return field && value !== undefined && stringAt(one, ["op"]) !== "remove" ? [{ service, field, value }] : [];
  });
}

/** The services whose images an overlay replaces. */
function replacedIn(path: string, { services }: Plan): readonly PlannedService[] {
  return path.includes("/migrate/") ? services.filter(({ migrations }) => migrations !== null) : services;
}

/** The pipeline names its image here: one of another name is replaced by nothing. */
function imageClaims(value: unknown, services: readonly PlannedService[]): Omit<Claim, "line">[] {
  const entries = listAt(value, ["images"]).filter(isRecord);
  const nameOf = (entry: Record<string, unknown>) => stringAt(entry, ["name"]) ?? "";
  const known = new Set(services.map(({ image }) => image));
  const [stray, ...more] = entries.filter((entry) => !known.has(nameOf(entry)));
  const missing = services.filter(({ image }) => !entries.some((entry) => nameOf(entry) === image));
  // A stray name belongs to a service only where there is one such pair; others are additions.
  const images = new Set(missing.map(({ image }) => image));
  return [
    ...services.flatMap(({ name: service, image }) => {
      const renamed = stringAt(
        entries.find((entry) => nameOf(entry) === image),
        ["newName"],
      );
      return renamed === undefined ? [] : [{ service, field: "image" as const, value: renamed }];
    }),
    ...(stray && more.length === 0 && images.size === 1
      ? missing.slice(0, 1).map(({ name: service }) => ({ service, field: "image" as const, value: nameOf(stray) }))
      : []),
  ];
}
