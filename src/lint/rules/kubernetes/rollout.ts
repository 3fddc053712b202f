import { isRecord, listAt, recordAt, stringAt, valueAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import { type KubernetesObject, tell } from "./objects.ts";
import { type Container, type Pod, podOf, portsOf } from "./pods.ts";
import { objectRule } from "./rules.ts";
import { leastReplicas, servicesFor, type World } from "./world.ts";

const DEFAULT_GRACE_SECONDS = 30;

/** SM47 */
export const rollout = objectRule(
  {
    id: "SM47",
    title: "a rollout takes no pod away before the next is ready, and lets requests end",
    help: "Requests still arrive for some seconds after a pod is told to stop; `preStop` waits for that, within the grace period.",
    severity: "warning",
    origins: ["job-ttl-seconds-after-finished"],
  },
  (object, world) => {
    if (object.kind === "Job") return ofJob(object);
    const pod = podOf(object);
    return pod && object.kind === "Deployment" ? [...unavailable(object, world), ...draining(pod, world)] : [];
  },
);

/** Jobs of a hook are removed by what runs them; those with a generated name are made by hand. */
function ofJob(object: KubernetesObject): Complaint[] {
  const annotations = Object.keys(recordAt(object.value, ["metadata", "annotations"]));
  if (annotations.some((key) => /^(?:helm\.sh|argocd\.argoproj\.io)\/hook/.test(key)) || object.name === "") return [];
  if (recordAt(object.value, ["spec"]).ttlSecondsAfterFinished !== undefined) return [];
  return [
    tell(
      object,
      ["spec"],
      "the Job stays after its end, and the next apply of its name fails: set `ttlSecondsAfterFinished`",
      "note",
    ),
  ];
}

function unavailable(object: KubernetesObject, world: World): Complaint[] {
  const strategy = recordAt(object.value, ["spec", "strategy"]);
  if (strategy.type === "Recreate") return [];
  const given = valueAt(strategy, ["rollingUpdate", "maxUnavailable"]);
  const least = leastReplicas(world, object);
  const away = /%$/.test(String(given ?? "25%"))
    ? Math.floor((least * Number.parseFloat(String(given ?? "25%"))) / 100)
    : Number(given);
  if (!(away >= 1)) return [];
  const at = given === undefined ? ["spec"] : ["spec", "strategy", "rollingUpdate", "maxUnavailable"];
  const message = `a rollout takes ${away} of ${least} pods away before new ones are ready: set \`maxUnavailable: 0\` and \`maxSurge: 1\``;
  return [tell(object, at, message, away >= least ? "warning" : "note")];
}

function draining(pod: Pod, world: World): Complaint[] {
  const { object, spec, containers } = pod;
  const grace = Number(spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS);
  const serving =
    servicesFor(world, pod).length > 0
      ? containers.filter((container) => !container.init && portsOf(container).length > 0)
      : [];
  const short = containers.flatMap((container) => {
    const seconds = sleepOf(container);
    if (seconds === undefined || seconds < grace) return [];
    const message = `${container.name} waits ${seconds} s before it stops, and is killed after ${grace} s: raise terminationGracePeriodSeconds`;
    return [tell(object, [...container.path, "lifecycle", "preStop"], message)];
  });
  const abrupt = serving.filter(({ value }) => !isRecord(recordAt(value, ["lifecycle"]).preStop));
  const first = abrupt[0];
  return first && abrupt.length === serving.length
    ? [
        ...short,
        tell(
          object,
          first.path,
          `${first.name} stops while requests still arrive: add a preStop that sleeps some seconds`,
          "note",
        ),
      ]
    : short;
}

function sleepOf({ value }: Container): number | undefined {
  const preStop = recordAt(value, ["lifecycle", "preStop"]);
  const own = valueAt(preStop, ["sleep", "seconds"]);
  if (typeof own === "number") return own;
  const command = listAt(preStop, ["exec", "command"])
    .map((word) => stringAt(word) ?? "")
    .join(" ");
  const seconds = /\bsleep\s+(\d+)\b/.exec(command)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
