import type { ExpectedService } from "../lint/rule.ts";
import type { Plan } from "./plan.ts";

/** The plan as rules see it. */
export function expectedServices({ services }: Plan): ExpectedService[] {
  return services.map(({ name, path, role, port, health, packageManager, runtime, env, metrics }) => ({
    name,
    path,
    network: role === "http" || role === "static",
    port,
    health,
    packageManager,
    runtime: runtime.name,
    env: env.map((variable) => ({ name: variable.name, class: variable.class })),
    ...(metrics ? { metrics: metrics.names } : {}),
  }));
}
