import type { Plan, PlannedService } from "../plan.ts";
import { fitted } from "./terraform/naming.ts";

interface Limits {
  /** Longest name of a service. */
  service: number;
  /** Names that the files need for themselves. */
  taken: readonly string[];
}

/**
 * The plan with names of services and programs that platforms take: small letters, digits and hyphens, each once. A service that is called as the
 * program of another, or as something that the files need for themselves, gets `-app` behind its name.
 */
export function namedPlan(plan: Plan, { service: longest, taken }: Limits): Plan {
  const names = new Map<string, string>();
  const used = new Set([...taken, ...plan.services.flatMap(programsOf).map((name) => fitted(name, longest))]);
  for (const { name } of plan.services) {
    let free = fitted(name, longest);
    while (used.has(free)) free = fitted(`${free}-app`, longest);
    used.add(free);
    names.set(name, free);
  }
  return {
    ...plan,
    services: plan.services.map((service) => ({
      ...service,
      name: names.get(service.name) ?? service.name,
      dependsOn: service.dependsOn.map((name) => names.get(name) ?? name),
      processes: service.processes.map((process) => ({ ...process, name: fitted(process.name, longest) })),
      crons: service.crons.map((cron) => ({
        ...cron,
        name: cron.name === service.name ? (names.get(cron.name) ?? cron.name) : fitted(cron.name, longest),
      })),
    })),
  };
}

/** Names of what runs beside a service from its image. */
function programsOf({ name, processes, crons, migrations }: PlannedService): string[] {
  return [
    ...processes.map((process) => `${name}-${process.name}`),
    ...crons.filter((cron) => cron.name !== name).map((cron) => `${name}-${cron.name}`),
    ...(migrations ? [`${name}-migrate`] : []),
  ];
}
