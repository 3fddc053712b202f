import { isRecord, listAt, type Path, recordAt, stringAt, valueAt } from "../../../../formats/document.ts";
import { portOf } from "../../../command-line.ts";
import type { Unit } from "../../../units.ts";
import { readStart } from "../commands/start.ts";
import { imageReference } from "../images/reference.ts";
import { fileServer, imageRuntime, isProxy } from "../images/runtimes.ts";
import { imageStore } from "../images/stores.ts";
import { type About, type Platform, type Seen, type Site, seenIn } from "../platform.ts";
import { healthPath, tellCron, tellProcess, tellStart, tellVariable } from "../tell.ts";
import { textsAt } from "../texts.ts";
import { holdsProgram, unitNamed } from "../unit-at.ts";
import { manifestFiles, type Workload, workloadsOf } from "./manifests.ts";

const WORTH = { confidence: 0.9 };
const OTHERS =
  /^(?:busybox|alpine|ubuntu|debian|curl|kubectl|git|bitnami\/.*|prom\/.*|grafana\/.*|istio.*|envoyproxy\/.*|hashicorp\/.*)$/;

export const kubernetes: Platform = {
  id: "kubernetes",
  reads: ["manifests of Kubernetes"],
  find: manifestFiles,
  read(site) {
    for (const file of site.files)
      for (const workload of workloadsOf(site.snapshot, file)) tellWorkload(site, workload);
  },
};

function tellWorkload(site: Site, workload: Workload): void {
  const { document, pods, name, file } = workload;
  const containers = listAt(document.value, [...pods, "containers"]);
  for (const [index, container] of containers.entries()) {
    const image = stringAt(container, ["image"]) ?? "";
    const unit = unitFor(site, [image, stringAt(container, ["name"]) ?? "", name]);
    if (unit) tellContainer(site, workload, unit, [...pods, "containers", index]);
  }
  // A store beside the application is named by nobody: it is the only program's.
  const store = containers
    .map((container) => imageStore(stringAt(container, ["image"]) ?? ""))
    .find((found) => found !== undefined);
  const programs = programsOf(site);
  if (store && programs.length === 1)
    site.about(file, programs[0]?.path).claimEach(
      "store",
      store.kind,
      { ...store, variable: null },
      {
        ...seenIn(file, document)(...pods, "containers"),
        rule: "store",
        confidence: 0.8,
      },
    );
}

function tellContainer(site: Site, { file, document, kind, name }: Workload, unit: Unit, place: Path): void {
  const { value } = document;
  const at = seenIn(file, document);
  const seen = (path: Path, rule: string): Seen => ({ ...at(...place, ...path), rule, ...WORTH });
  const text = (...path: Path) => stringAt(value, [...place, ...path]);
  const about = site.about(file, unit.path, unit.program === null ? [] : [unit.program]);
  const told = { file, folder: unit.path, names: [name] };
  const words = ["command", "args"].flatMap((key) => textsAt(value, [...place, key]));
  const isServer = /^(?:Deployment|StatefulSet|DaemonSet|Pod|Rollout|Service)$/.test(kind);
  const at0 = seen([listAt(value, [...place, "command"]).length > 0 ? "command" : "args"], "command");
  if (kind === "CronJob") {
    const command = words.length > 0 ? (readStart(site.snapshot, unit.path, words).command ?? undefined) : undefined;
    tellCron(
      about,
      { name, schedule: stringAt(value, ["spec", "schedule"]), command },
      { ...at("spec", "schedule"), ...WORTH },
    );
  } else if (isServer) {
    const ports = listAt(value, [...place, "ports"]);
    const http = ports.findIndex((port) => /^(?:http|web|app|api)$/.test(stringAt(port, ["name"]) ?? ""));
    const index =
      http === -1
        ? ports.findIndex((port) => !/metric|prom|debug|grpc|admin/.test(stringAt(port, ["name"]) ?? ""))
        : http;
    about.claim(
      "port",
      portOf(text("ports", index, "containerPort") ?? ""),
      seen(["ports", index, "containerPort"], "port"),
    );
    const isFull = listAt(value, [...place, "command"]).length > 0;
    if (isFull && ports.length > 0) tellStart(site, told, words, at0);
    else if (isFull) tellProcess(site, told, name, words, at0);
    const live = probe(value, [...place, "livenessProbe"]);
    const ready = probe(value, [...place, "readinessProbe"]) ?? probe(value, [...place, "startupProbe"]);
    about.claim("health", live ?? ready, seen([live === undefined ? "readinessProbe" : "livenessProbe"], "probe"));
    about.claim("readiness", probe(value, [...place, "readinessProbe"]), seen(["readinessProbe"], "readiness-probe"));
  }
  tellEnvironment(about, value, place, (path) => seen(path, "env"));
}

function tellEnvironment(about: About, value: unknown, place: Path, seen: (path: Path) => Seen): void {
  for (const [index, entry] of listAt(value, [...place, "env"]).entries()) {
    const name = stringAt(entry, ["name"]);
    if (name !== undefined && !isRecord(valueAt(entry, ["valueFrom", "fieldRef"])))
      tellVariable(about, name, seen(["env", index]));
  }
}

function probe(value: unknown, path: Path): string | undefined {
  return healthPath(stringAt(recordAt(value, [...path, "httpGet"]), ["path"]));
}

/** The unit that an image, a container or a workload is named after; the only program, for an image of nobody else. */
function unitFor(site: Site, [image = "", ...names]: readonly string[]): Unit | undefined {
  const reference = imageReference(image.replace(/\$\{?\w+\}?\//g, ""));
  if (imageStore(image) || isProxy(image) || (reference && OTHERS.test(reference.path))) return undefined;
  const named = [reference?.name ?? "", ...names]
    .map((name) => unitNamed(site.units, name))
    .find((unit) => unit !== undefined);
  if (named) return named;
  const programs = programsOf(site);
  const isPlain = imageRuntime(image) !== undefined || fileServer(image) !== undefined;
  return programs.length === 1 && !isPlain ? programs[0] : undefined;
}

function programsOf({ snapshot, units }: Site): Unit[] {
  return units.filter(({ path }) => holdsProgram(snapshot, units, path));
}
