import type { CheckConfig } from "../../config/checks.ts";
import type { StrategyConfig } from "../../config/environments.ts";
import type { Manifest } from "../../config/load.ts";

const ADDRESS = /^\$\{service:([^}]+)\}(\/[^$]*)?$/;

/**
 * Paths that the judge may ask of both releases when too few users come, by service: those of `judge.requests`, else what the
 * manifest's checks ask of it. The health path is left out: a release that is up answers it, whatever else it breaks.
 */
export function pathsToAsk(
  { services, checks }: Pick<Manifest, "services" | "checks">,
  judge: StrategyConfig["judge"] | undefined,
): Record<string, string[]> {
  const paths: Record<string, string[]> = {};
  for (const [name, { kind, health }] of Object.entries(services)) {
    if (kind !== "http") continue;
    const checked = Object.values(checks).flatMap((check) => pathOf(check, name) ?? []);
    const wanted = judge?.requests ?? checked.filter((path) => path !== health?.path);
    if (wanted.length > 0) paths[name] = [...new Set(wanted)];
  }
  return paths;
}

/** The path that a check gets from the service as anybody may; undefined where it does more, or asks another one. */
function pathOf({ url, method = "GET", headers, json, body }: CheckConfig, service: string): string | undefined {
  const found = ADDRESS.exec(url ?? "");
  if (!found || found[1] !== service || method !== "GET") return undefined;
  return (headers ?? json ?? body) ? undefined : (found[2] ?? "/");
}
