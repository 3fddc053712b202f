import type { GenerateTarget } from "../../contract/generate.ts";

const NAMES: Record<string, GenerateTarget> = {
  railway: "railway",
  vercel: "vercel",
  kubernetes: "kubernetes",
  kustomize: "kubernetes",
  helm: "kubernetes",
  aws: "aws",
  ecs: "aws",
  gcp: "gcp",
  "cloud-run": "gcp",
  azure: "azure",
  "azure-container-apps": "azure",
  compose: "compose",
};

/** The platform that a scan or a requirement calls so; undefined for those that nothing is written for. */
export function targetOf(name: string): GenerateTarget | undefined {
  return Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
}
