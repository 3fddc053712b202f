import type { ManifestConfig } from "../config/schema.ts";
import type { PlannedEnvironment, Target } from "./plan.ts";

/** Environments of the manifest; staging and production where it has none that files are for. */
export function planEnvironments(manifest: ManifestConfig | undefined, target: Target): PlannedEnvironment[] {
  const named = Object.entries(manifest?.environments ?? {}).filter(([, { platform }]) => platform !== "local");
  if (named.length === 0)
    return [
      { name: "staging", target, branch: "main", production: false, preview: false, assumed: true },
      { name: "production", target, branch: null, production: true, preview: false, assumed: true },
    ];
  return named.map(([name, environment]) => ({
    name,
    target: "compose",
    branch: "branch" in environment ? (environment.branch ?? null) : null,
    production: environment.protected ?? name === "production",
    preview: "per" in environment && environment.per !== undefined,
  }));
}
