import { yamlText } from "../../../formats/write-yaml.ts";
import type { GeneratedFile } from "../../kind.ts";
import { NOTE } from "../../note.ts";
import type { Plan } from "../../plan.ts";
import { hostOf, hostsOf } from "./ingress.ts";
import { scaledOf } from "./names.ts";
import { probesWithHost } from "./pod.ts";
import { firstSteps, numbered, releaseSteps } from "./steps.ts";
import { baseValues, UNRELEASED } from "./values.ts";

/** What staging and production change: namespace, host, image, and fewer replicas before production. */
export function overlayFiles(plan: Plan): GeneratedFile[] {
  return (["staging", "production"] as const).flatMap((name) => [overlay(plan, name), namespaceFile(plan, name)]);
}

function overlay(plan: Plan, environment: "staging" | "production"): GeneratedFile {
  const folder = `deploy/k8s/overlays/${environment}`;
  const data = {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    namespace: `${plan.project}-${environment}`,
    resources: ["../../base", "namespace.yaml"],
    labels: [{ pairs: { "app.kubernetes.io/instance": environment }, includeSelectors: false }],
    images: imagesOf(plan).map((name) => ({ name, newTag: UNRELEASED })),
    ...(environment === "staging" ? { patches: stagingPatches(plan) } : {}),
  };
  return {
    path: `${folder}/kustomization.yaml`,
    text: yamlText(data, { header: [`${environment}. ${NOTE}`, "", ...stepLines(plan, environment)] }),
    ownership: "managed",
    why: `what ${environment} changes of the base`,
  };
}

/** From an empty cluster to a release. */
function stepLines(plan: Plan, environment: string): string[] {
  const folder = `deploy/k8s/overlays/${environment}`;
  const first = firstSteps(plan, environment, `kubectl apply -f ${folder}/namespace.yaml`);
  return [
    "Once, before the first release:",
    ...numbered(first),
    "Each release, as the pipeline does it:",
    ...numbered(releaseSteps(plan, environment), first.length + 1),
  ];
}

/** Migrations of an environment, with the image of the release. */
export function migrationOverlay(plan: Plan, environment: "staging" | "production"): GeneratedFile {
  const data = {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    namespace: `${plan.project}-${environment}`,
    resources: ["../../../migrate"],
    images: imagesOf({ ...plan, services: plan.services.filter(({ migrations }) => migrations) }).map((name) => ({
      name,
      newTag: UNRELEASED,
    })),
  };
  return {
    path: `deploy/k8s/overlays/${environment}/migrate/kustomization.yaml`,
    text: yamlText(data, { header: [`Migrations of ${environment}. ${NOTE}`] }),
    ownership: "managed",
    why: `migrations of ${environment}`,
  };
}

/** Each image once: several services may run from one. */
function imagesOf({ services }: Plan): string[] {
  return [...new Set(services.map(({ image }) => image))];
}

function stagingPatches(plan: Plan): object[] {
  const staged = { ...plan, domain: `staging.${baseValues(plan).host()}` };
  const hosts = hostsOf(staged, baseValues(staged));
  return [
    ...plan.services.flatMap(scaledOf).map((name) => ({
      target: { kind: "HorizontalPodAutoscaler", name },
      patch: patch([
        { op: "replace", path: "/spec/minReplicas", value: 1 },
        { op: "replace", path: "/spec/maxReplicas", value: 2 },
      ]),
    })),
    ...staged.services
      .filter((service) => service.port !== null && probesWithHost(service).length > 0)
      .map((service) => ({
        target: { kind: "Deployment", name: service.name },
        patch: patch(
          probesWithHost(service).map((probe) => ({
            op: "replace",
            path: `/spec/template/spec/containers/0/${probe}/httpGet/httpHeaders/0/value`,
            value: hostOf(service, staged, baseValues(staged)),
          })),
        ),
      })),
    ...(hosts.length > 0
      ? [
          {
            target: { kind: "Ingress", name: plan.project },
            patch: patch([
              ...hosts.map((host, index) => ({ op: "replace", path: `/spec/rules/${index}/host`, value: host })),
              { op: "replace", path: "/spec/tls/0/hosts", value: hosts },
            ]),
          },
        ]
      : []),
  ];
}

function patch(operations: readonly object[]): string {
  return yamlText(operations);
}

/** The namespace of an environment; pods that break the strictest standard are refused. */
function namespaceFile(plan: Plan, environment: string): GeneratedFile {
  const data = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: `${plan.project}-${environment}`,
      labels: {
        "app.kubernetes.io/part-of": plan.project,
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/warn": "restricted",
      },
    },
  };
  return {
    path: `deploy/k8s/overlays/${environment}/namespace.yaml`,
    text: yamlText(data, { header: [NOTE] }),
    ownership: "managed",
    why: `namespace of ${environment}; it refuses pods with rights they do not need`,
  };
}
