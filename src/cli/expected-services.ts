import type { ScannedService, ScanReport } from "../contract/scan.ts";
import { stringAt } from "../formats/document.ts";
import type { ExpectedService } from "../lint/rule.ts";

const SERVES: ReadonlySet<ScannedService["kind"]> = new Set(["web", "api", "ssr", "spa", "static"]);

/** What a scan found, as rules compare files with it. Processes of a service that are no servers are services of their own. */
export function expectedServices({ services, facts }: Pick<ScanReport, "services" | "facts">): ExpectedService[] {
  return services.map(({ name, path, kind, port, health, packageManager, runtime, env }) => ({
    name,
    path,
    network: SERVES.has(kind) || (kind === null && port !== null),
    port,
    health,
    packageManager,
    runtime: runtime?.name ?? null,
    env: env.map((variable) => ({ name: variable.name, class: variable.class })),
    metrics: Object.entries(facts).flatMap(([id, { value }]) =>
      id.startsWith(`${name}.metric.`) ? (stringAt(value, ["name"]) ?? []) : [],
    ),
  }));
}
