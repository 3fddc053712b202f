import { isRecord, listAt, recordAt, stringAt } from "../../../formats/document.ts";
import { folderOf, joinPath, type Tree } from "../../../formats/tree.ts";
import { parseYamlStream } from "../../../formats/yaml.ts";
import type { LintFile } from "../../lint-file.ts";
import type { RuleContext } from "../../rule.ts";
import { type KubernetesObject, objectsOf } from "./objects.ts";
import { type Pod, podOf } from "./pods.ts";
import { hasLabels, keysOf, selects } from "./selector.ts";

/** All objects of the tree, as far as they are whole. */
export interface World {
  objects: readonly KubernetesObject[];
  pods: readonly Pod[];
  of(kind: string): readonly KubernetesObject[];
  /** Whether a file holds patches: parts of objects that lie elsewhere. */
  isFragment(path: string): boolean;
  /** Whether a tool that builds images puts their tags into manifests. */
  tagged: boolean;
  /** Values of kustomizations, with the folders they lie in. */
  kustomizations: readonly { folder: string; value: Record<string, unknown> }[];
}

const known = new WeakMap<readonly LintFile[], World>();

/** The objects of all files under check. */
export function worldOf({ files, tree }: RuleContext): World {
  const found = known.get(files) ?? readWorld(files, tree);
  known.set(files, found);
  return found;
}

const BUILDERS = /(?:^|\/)(?:skaffold\.ya?ml|Tiltfile|devspace\.ya?ml|garden\.yml)$/;

function readWorld(files: readonly LintFile[], { paths }: Tree): World {
  const kustomizations = files
    .filter(({ kind }) => kind === "kustomize")
    .flatMap(({ path, text }) =>
      parseYamlStream(text).flatMap(({ value }) => (isRecord(value) ? [{ folder: folderOf(path), value }] : [])),
    );
  const fragments = new Set(
    kustomizations.flatMap(({ folder, value }) => patchFiles(value).map((path) => joinPath(folder, path))),
  );
  const objects = files
    .filter(({ kind, path }) => kind === "kubernetes" && !fragments.has(path))
    .flatMap(objectsOf)
    .filter(({ value }) => !("$patch" in value));
  const byKind = Map.groupBy(objects, ({ kind }) => kind);
  return {
    objects,
    pods: objects.flatMap((object) => podOf(object) ?? []),
    of: (kind) => byKind.get(kind) ?? [],
    isFragment: (path) => fragments.has(path),
    tagged: paths.some((path) => BUILDERS.test(path)),
    kustomizations,
  };
}

/** Files of a kustomization that hold no whole objects. */
function patchFiles(kustomization: Record<string, unknown>): string[] {
  const pathIn = (item: unknown) => stringAt(item) ?? stringAt(item, ["path"]);
  return ["patches", "patchesStrategicMerge", "patchesJson6902", "configurations", "openapi"]
    .flatMap((key) => [kustomization[key]].flat())
    .flatMap((item) => pathIn(item) ?? [])
    .filter((path) => !path.includes("\n"));
}

/** Whether two objects can meet: one namespace, or one of them leaves it to whoever applies it. */
export function isNear(a: Pick<KubernetesObject, "namespace">, b: Pick<KubernetesObject, "namespace">): boolean {
  return a.namespace === undefined || b.namespace === undefined || a.namespace === b.namespace;
}

/** The pods that a selector of the long form takes in the namespace of an object. */
export function podsFor(world: World, object: KubernetesObject, selector: unknown): Pod[] {
  return world.pods.filter((pod) => isNear(pod.object, object) && selects(selector, pod.labels));
}

/** The pods behind a Service. */
export function podsBehind(world: World, service: KubernetesObject): Pod[] {
  const selector = recordAt(service.value, ["spec", "selector"]);
  if (Object.keys(selector).length === 0) return [];
  return world.pods.filter((pod) => isNear(pod.object, service) && hasLabels(pod.labels, selector));
}

/** The Services in front of pods. */
export function servicesFor(world: World, pod: Pod): KubernetesObject[] {
  return world.of("Service").filter((service) => {
    const selector = recordAt(service.value, ["spec", "selector"]);
    return Object.keys(selector).length > 0 && isNear(pod.object, service) && hasLabels(pod.labels, selector);
  });
}

/**
 * Whether pods that a selector misses are in the tree: some near it use the same label, or belong to a workload of the
 * same name. Without, the pods may come from elsewhere (an operator, a chart), and nothing is said.
 */
export function isNearMiss(world: World, object: KubernetesObject, selector: unknown): boolean {
  const keys = keysOf(selector);
  return (
    keys.length > 0 &&
    world.pods.some(
      ({ object: owner, labels }) =>
        isNear(owner, object) &&
        (keys.every((key) => key in labels) || (owner.name === object.name && owner.kind === "Deployment")),
    )
  );
}

/** What scales a workload: its HorizontalPodAutoscaler or the like. */
export function scalersOf(world: World, workload: KubernetesObject): KubernetesObject[] {
  return ["HorizontalPodAutoscaler", "ScaledObject"].flatMap(world.of).filter((scaler) => {
    const target = recordAt(scaler.value, ["spec", "scaleTargetRef"]);
    const kind = stringAt(target, ["kind"]) ?? "Deployment";
    return kind === workload.kind && stringAt(target, ["name"]) === workload.name && isNear(scaler, workload);
  });
}

/** How many pods a workload has at least: of its scaler, of a kustomization, or its own; undefined where a scaler does not say. */
export function leastReplicas(world: World, workload: KubernetesObject): number {
  const scalers = scalersOf(world, workload).map(({ value }) => {
    const least = recordAt(value, ["spec"]).minReplicas ?? recordAt(value, ["spec"]).minReplicaCount;
    return typeof least === "number" ? least : 1;
  });
  const overlays = world.kustomizations.flatMap(({ value }) =>
    listAt(value, ["replicas"]).flatMap((item) => {
      const { name, count } = recordAt(item);
      return name === workload.name && typeof count === "number" ? [count] : [];
    }),
  );
  const own = recordAt(workload.value, ["spec"]).replicas;
  if (scalers.length > 0) return Math.max(...scalers);
  return Math.max(...overlays, typeof own === "number" ? own : 1);
}
