import type { Plan } from "../../plan.ts";

/** Labels that Kubernetes recommends; the first two select. */
export function labelsOf(plan: Plan, name: string, component: string) {
  const selector = { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": plan.project };
  return {
    selector,
    all: { ...selector, "app.kubernetes.io/component": component, "app.kubernetes.io/managed-by": "stationmaster" },
  };
}

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  [key: string]: unknown;
}
