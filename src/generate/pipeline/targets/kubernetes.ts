import type { Plan, PlannedService } from "../../plan.ts";
import { type Delivery, imageVariable, type Stage } from "../release.ts";

const CONFIG = 'export KUBECONFIG="$WORK/kubeconfig"';

/** A cluster: migrations first, then the overlay with the digests of this release, then waiting until it serves. */
export function kubernetesDelivery(plan: Plan, stage: Stage): Delivery {
  const overlay = `deploy/k8s/overlays/${stage}`;
  const namespace = `${plan.project}-${stage}`;
  const kubectl = `kubectl --namespace ${namespace}`;
  const migrating = plan.services.filter(({ migrations }) => migrations !== null);
  const workloads = plan.services.flatMap(workloadsOf);
  return {
    needs: [
      {
        name: "KUBECONFIG_DATA",
        secret: true,
        what: `kubeconfig of an account that may change the namespace ${namespace} and what is in it`,
      },
    ],
    images: true,
    login: null,
    stationmaster: false,
    steps: [
      {
        id: "cluster",
        name: "Reach the cluster",
        script: [
          "umask 077",
          `printf '%s' "$KUBECONFIG_DATA" > "$WORK/kubeconfig"`,
          CONFIG,
          `kubectl apply --filename ${overlay}/namespace.yaml`,
        ].join("\n"),
      },
      {
        id: "digests",
        name: "Name the images of this release",
        script: [
          setImages(overlay, plan.services),
          ...(migrating.length > 0 ? [setImages(`${overlay}/migrate`, migrating)] : []),
        ].join("\n"),
      },
      ...(migrating.length > 0
        ? [
            {
              id: "migrate",
              name: "Migrate the database",
              script: [
                CONFIG,
                "# A job cannot be changed: the one of the release before goes first.",
                ...migrating.map(({ name }) => `${kubectl} delete job ${name}-migrate --ignore-not-found`),
                `kubectl apply --kustomize ${overlay}/migrate`,
                finished(kubectl),
                ...migrating.map(({ name }) => `finished ${name}-migrate`),
              ].join("\n"),
            },
          ]
        : []),
      { id: "previous", name: "Note what runs now", script: [CONFIG, noted(kubectl, workloads)].join("\n") },
      {
        id: "release",
        name: `Release to ${stage}`,
        script: [
          CONFIG,
          `kubectl apply --kustomize ${overlay}`,
          ...workloads.map((name) => `${kubectl} rollout status deployment/${name} --timeout=10m`),
        ].join("\n"),
      },
    ],
    rollback: {
      id: "rollback",
      name: "Go back to the release before",
      script: [CONFIG, back(kubectl, workloads)].join("\n"),
    },
    proof: {
      id: "smoke",
      name: "Smoke test: it goes on running",
      script: [
        CONFIG,
        "sleep 60",
        ...workloads.map((name) => `${kubectl} rollout status deployment/${name} --timeout=30s`),
      ].join("\n"),
    },
    notes: [],
  };
}

/** A job that failed is not waited for, and says why. */
function finished(kubectl: string): string {
  return `finished() {
  for _ in $(seq 180); do
    state=$(${kubectl} get job "$1" --output 'jsonpath={.status.conditions[?(@.status=="True")].type}')
    case $state in
      *Complete*) return 0 ;;
      *Failed*) break ;;
    esac
    sleep 5
  done
  ${kubectl} logs "job/$1" --tail=100
  return 1
}`;
}

/** The revision of each deployment; none before its first release. */
function noted(kubectl: string, workloads: readonly string[]): string {
  return `for name in ${workloads.join(" ")}; do
  ${kubectl} get deployment "$name" --ignore-not-found \\
    --output 'jsonpath={.metadata.annotations.deployment\\.kubernetes\\.io/revision}' > "$WORK/$name.revision"
done`;
}

/** To exactly the revision that was noted: where a release failed early, the one before it would be too old. */
function back(kubectl: string, workloads: readonly string[]): string {
  return `for name in ${workloads.join(" ")}; do
  revision=$(cat "$WORK/$name.revision")
  if [ -n "$revision" ]; then ${kubectl} rollout undo "deployment/$name" --to-revision="$revision"; fi
done
for name in ${workloads.join(" ")}; do ${kubectl} rollout status "deployment/$name" --timeout=10m; done`;
}

function setImages(folder: string, services: readonly PlannedService[]): string {
  const images = services.map((service) => `"${service.image}=$${imageVariable(service)}"`);
  return `(cd ${folder} && kustomize edit set image ${images.join(" ")})`;
}

/** The deployments of a service: itself, where it goes on running, and its further programs. */
function workloadsOf({ name, role, processes }: PlannedService): string[] {
  const own = role === "cron" || role === "job" ? [] : [name];
  return [...own, ...processes.map((process) => `${name}-${process.name}`)];
}
