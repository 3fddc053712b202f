import { isClock } from "../../clock.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { namedPlan as named } from "../named-plan.ts";
import { fitted, slug } from "../terraform/naming.ts";
import { cronFields } from "../terraform/workloads.ts";

const LONGEST = 40;
/** A CronJob adds eleven characters to its name for each run. */
const LONGEST_CRON = 52;
/** Names of files and policies beside those of services. */
const TAKEN = ["allow-acme", "allow-dns", "default-deny", "ingress", "kustomization", "network"];

/** The plan with names that Kubernetes takes, and with the schedules it knows: five fields. */
export function namedPlan(plan: Plan): Plan {
  const taken = [...TAKEN, ...plan.services.map(({ name }) => `${name}-out`)];
  const given = named(plan, { service: LONGEST, taken });
  return {
    ...given,
    project: slug(plan.project, LONGEST),
    services: given.services.map((service) => ({
      ...service,
      crons: service.crons.flatMap((cron) => {
        const schedule = cronFields(cron.schedule);
        return schedule ? [{ ...cron, schedule }] : [];
      }),
    })),
  };
}

/** Schedules that no clock knows, such as the start of a machine, for people. */
export function unscheduled({ services }: Plan): string[] {
  return services.flatMap(({ name, crons }) =>
    crons
      .filter(({ schedule }) => cronFields(schedule) === undefined)
      .map((cron) => `${cron.name} of ${name} has the schedule ${cron.schedule}, which Kubernetes does not know`),
  );
}

/** Whether it runs when somebody starts it. */
export function runsByHand({ role, crons }: PlannedService): boolean {
  return (role === "job" || role === "cron") && crons.length === 0;
}

/** Name of a CronJob of a service. */
export function cronName({ name }: PlannedService, cron: PlannedService["crons"][number]): string {
  return fitted(cron.name === name ? name : `${name}-${cron.name}`, LONGEST_CRON);
}

/** Whether it runs all the time. */
export function runsAlways({ role }: PlannedService): boolean {
  return role !== "cron" && role !== "job";
}

/** Names of the Deployments of a service. */
function deploymentsOf(service: PlannedService): string[] {
  return [
    ...(runsAlways(service) ? [service.name] : []),
    ...service.processes.map(({ name }) => `${service.name}-${name}`),
  ];
}

/** Whether it runs as one pod: two would destroy its files, or do the work of a clock twice. */
export function runsAlone({ state }: PlannedService, command?: string): boolean {
  return state.length > 0 || isClock(command);
}

/** Names of the Deployments whose replicas the load decides. */
export function scaledOf(service: PlannedService): string[] {
  const alone = service.processes.filter(({ command }) => runsAlone(service, command));
  const names = new Set([
    ...(runsAlone(service) ? [service.name] : []),
    ...alone.map(({ name }) => `${service.name}-${name}`),
  ]);
  return deploymentsOf(service).filter((name) => !names.has(name));
}

/** Names that pods of a service have: its own, those of its processes, schedules and migration. */
export function podsOf(service: PlannedService): string[] {
  return [
    ...deploymentsOf(service),
    ...service.crons.map((cron) => cronName(service, cron)),
    ...(runsByHand(service) ? [service.name] : []),
    ...(service.migrations ? [`${service.name}-migrate`] : []),
  ];
}
