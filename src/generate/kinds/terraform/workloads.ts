import type { PlannedService } from "../../plan.ts";
import { argvOf } from "../kubernetes/argv.ts";
import { identifier } from "./blocks.ts";
import { fitted } from "./naming.ts";

/** One program that an image runs as. */
export interface Workload {
  /** Name among the resources of Terraform. */
  id: string;
  name: string;
  /** Requests reach a server, nothing reaches a worker, a clock starts a schedule, the pipeline or people start a task. */
  kind: "server" | "worker" | "schedule" | "task";
  /** Replaces what the image starts. */
  command: readonly string[] | null;
  /** Five fields of cron. */
  schedule: string | null;
}

/** What fits behind the name of everything in the 64 characters of a schedule of EventBridge. */
const LONGEST = 32;

/** All that runs from the image of a service: the service, its processes, its schedules, its migration. */
export function workloadsOf(service: PlannedService): Workload[] {
  const { name, role, port, processes, crons, migrations } = service;
  const one = (suffix: string, kind: Workload["kind"], command: string | null, schedule: string | null = null) => {
    const full = fitted(suffix === "" ? name : `${name}-${suffix}`, LONGEST);
    const id = identifier(suffix === "" ? name : full);
    return { id, name: full, kind, command: command === null ? null : argvOf(command), schedule };
  };
  const own = role === "http" && port !== null ? "server" : role === "http" || role === "worker" ? "worker" : "task";
  const alone = own === "task" && crons.length > 0;
  const all: Workload[] = [
    ...(alone ? [] : [one("", own, null)]),
    ...processes.map((process) => one(process.name, "worker", process.command)),
    ...crons.flatMap((cron) => {
      const schedule = cronFields(cron.schedule);
      return schedule ? [one(cron.name === name ? "" : cron.name, "schedule", cron.command, schedule)] : [];
    }),
    ...(migrations ? [one("migrate", "task", migrations.command)] : []),
  ];
  return all.filter((item, index) => all.findIndex(({ id }) => id === item.id) === index);
}

const SHORTHANDS: Record<string, string> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
};

/** A schedule as five fields; undefined for what is none, such as `@reboot`. */
export function cronFields(schedule: string): string | undefined {
  const text = SHORTHANDS[schedule.trim().toLowerCase()] ?? schedule.trim();
  const fields = text.split(/\s+/);
  return fields.length === 5 && fields.every((field) => /^[\w*/,?#-]+$/.test(field)) ? fields.join(" ") : undefined;
}
