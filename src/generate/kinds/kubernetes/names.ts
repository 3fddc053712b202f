import type { Plan, PlannedService } from "../../plan.ts";
import { slug } from "../terraform/naming.ts";

const LONGEST = 40;
/** A CronJob adds eleven characters to its name for each run. */
const LONGEST_CRON = 52;

/** The plan with names that Kubernetes takes: small letters, digits and hyphens. */
export function namedPlan(plan: Plan): Plan {
  return {
    ...plan,
    project: slug(plan.project, LONGEST),
    services: plan.services.map((service) => ({
      ...service,
      name: slug(service.name, LONGEST),
      dependsOn: service.dependsOn.map((name) => slug(name, LONGEST)),
      processes: service.processes.map((process) => ({ ...process, name: slug(process.name, LONGEST / 2) })),
    })),
  };
}

/** Name of a CronJob of a service. */
export function cronName({ name }: PlannedService, cron: PlannedService["crons"][number]): string {
  return slug(cron.name === name ? name : `${name}-${cron.name}`, LONGEST_CRON);
}

/** Whether it runs all the time. */
export function runsAlways({ role }: PlannedService): boolean {
  return role !== "cron" && role !== "job";
}

/** Names of the Deployments of a service. */
export function deploymentsOf(service: PlannedService): string[] {
  return [
    ...(runsAlways(service) ? [service.name] : []),
    ...service.processes.map(({ name }) => `${service.name}-${name}`),
  ];
}

/** Names that pods of a service have: its own, those of its processes, schedules and migration. */
export function podsOf(service: PlannedService): string[] {
  return [
    ...deploymentsOf(service),
    ...service.crons.map((cron) => cronName(service, cron)),
    ...(service.migrations ? [`${service.name}-migrate`] : []),
  ];
}
