import type { Document } from "../../formats/document.ts";
import { isRecord, listAt, recordAt, stringAt, valueAt } from "../../formats/document.ts";
import type { Tree } from "../../formats/tree.ts";
import { parseYaml, parseYamlStream } from "../../formats/yaml.ts";
import { namedPlan, podsOf } from "../kinds/kubernetes/names.ts";
import type { Plan, PlannedService } from "../plan.ts";
import { atRun, type Claim, type Said, type Wiring } from "./claim.ts";

/** Stands for what a template decides elsewhere. */
const OPEN = "stationmaster-open";
const PROBES = ["startupProbe", "readinessProbe", "livenessProbe"];

/** Ports, probes, images, variables and replicas of the objects in a file. */
export function saidByObjects(_path: string, text: string, plan: Plan): Said {
  const said: Said = { claims: [], wirings: [] };
  for (const document of parseYamlStream(text)) {
    const name = stringAt(document.value, ["metadata", "name"]) ?? "";
    const service = serviceOf(name, plan);
    if (!service) continue;
    const kind = stringAt(document.value, ["kind"]);
    if (kind === "HorizontalPodAutoscaler") said.claims.push(...scaled(document, service));
    else readPods(document, service, name, said);
  }
  return { claims: said.claims.filter(({ value }) => !value.includes(OPEN)), wirings: said.wirings };
}

/** The service whose pods run under a name, and whether that is its own. */
export function serviceOf(name: string, plan: Plan): Owner | undefined {
  const named = namedPlan(plan).services;
  const index = named.findIndex((service) => podsOf(service).includes(name));
  const service = plan.services[index];
  return service && { ...service, isItself: named[index]?.name === name };
}

/** A service as the plan calls it. */
type Owner = PlannedService & { isItself: boolean };

/** The same of a chart's template, with the values of the chart in it. */
export function saidByChart(path: string, text: string, plan: Plan, tree: Tree): Said {
  const values = parseYaml(tree.text(path.replace(/templates\/[^/]+$/, "values.yaml")) ?? "").value;
  const filled = text.replace(/\{\{-?\s*(.*?)\s*-?\}\}/g, (_, inner: string) => {
    const keys = /^(?:\$?\.)Values\.([\w.]+)/.exec(inner)?.[1]?.split(".");
    const indexed = /^index \$?\.Values ((?:"[^"]+"\s*)+)/.exec(inner)?.[1];
    const found = valueAt(values, keys ?? [...(indexed ?? "").matchAll(/"([^"]+)"/g)].map(([, key = ""]) => key));
    return typeof found === "string" || typeof found === "number" ? JSON.stringify(found) : OPEN;
  });
  const lines = filled.split("\n").map((line) => (line.trim() === OPEN ? "" : line));
  return saidByObjects(path, lines.join("\n"), plan);
}

function scaled(document: Document, service: PlannedService): Claim[] {
  const min = stringAt(document.value, ["spec", "minReplicas"]);
  const max = stringAt(document.value, ["spec", "maxReplicas"]);
  if (min === undefined || max === undefined) return [];
  const line = document.place(["spec", "minReplicas"])?.line ?? 1;
  return [{ service: service.name, field: "replicas", value: `${min}-${max}`, line }];
}

function readPods(document: Document, service: Owner, name: string, { claims, wirings }: Said): void {
  const job = stringAt(document.value, ["kind"]) === "CronJob" ? ["spec", "jobTemplate"] : [];
  const at = [...job, "spec", "template", "spec", "containers"];
  listAt(document.value, at).forEach((container, index) => {
    // A container of somebody else beside it is an addition.
    if (!isRecord(container) || stringAt(container, ["name"]) !== name) return;
    const line = (key: string) => document.place([...at, index, key])?.line ?? 1;
    const image = stringAt(container, ["image"]);
    if (image !== undefined) claims.push({ service: service.name, field: "image", value: image, line: line("image") });
    wirings.push(wiring(container, service, line("env")));
    if (!service.isItself) return;
    const [port] = listAt(container, ["ports"]);
    const number = stringAt(port, ["containerPort"]);
    if (number !== undefined) claims.push({ service: service.name, field: "port", value: number, line: line("ports") });
    const own = listAt(container, ["env"]).find((item) => stringAt(item, ["name"]) === "PORT");
    const value = stringAt(own, ["value"]);
    if (value !== undefined) claims.push({ service: service.name, field: "port", value, line: line("env") });
    for (const probe of PROBES) {
      const path = stringAt(container, [probe, "httpGet", "path"]);
      if (path !== undefined) claims.push({ service: service.name, field: "health", value: path, line: line(probe) });
    }
  });
}

function wiring(container: Record<string, unknown>, service: PlannedService, line: number): Wiring {
  const names = listAt(container, ["env"]).map((item) => stringAt(item, ["name"]) ?? "");
  // All keys of a Secret or ConfigMap: which those are is said elsewhere.
  const whole = listAt(container, ["envFrom"]).length > 0 || Object.keys(recordAt(container, ["envFrom"])).length > 0;
  return { service: service.name, names, wanted: whole ? () => false : atRun, line };
}
