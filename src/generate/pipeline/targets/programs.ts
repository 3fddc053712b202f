import { containersOf, pagesOf } from "../../kinds/terraform/naming.ts";
import { type Workload, workloadsOf } from "../../kinds/terraform/workloads.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { constantName, imageVariable, type Needed } from "../release.ts";

/** A program in a cloud, and the service whose image it is. */
export interface Program {
  service: PlannedService;
  workload: Workload;
}

export interface Programs {
  /** Services that become images in the registry of the cloud. */
  services: PlannedService[];
  /** Reached by requests. */
  servers: Program[];
  /** Running all the time, reached by nobody. */
  workers: Program[];
  /** Started by a clock or by people. */
  jobs: Program[];
  /** Run before a release. */
  migrations: Program[];
  /** Pages in a bucket. */
  pages: PlannedService[];
}

/** What the files of Terraform make of a plan. */
export function programsOf(plan: Plan): Programs {
  const services = containersOf(plan);
  const all = services.flatMap((service) => workloadsOf(service).map((workload) => ({ service, workload })));
  const kind = (...kinds: Workload["kind"][]) => all.filter(({ workload }) => kinds.includes(workload.kind));
  // A task with a command of its own is the migration; the others are the service itself.
  const migrates = ({ workload }: Program) => workload.kind === "task" && workload.command !== null;
  return {
    services,
    servers: kind("server"),
    workers: kind("worker"),
    jobs: kind("schedule", "task").filter((program) => !migrates(program)),
    migrations: all.filter(migrates),
    pages: pagesOf(plan),
  };
}

/** Takes the pages out of the image that was tested, into `$WORK/<service>`. */
export function pagesOut(service: PlannedService): string {
  const folder = service.dockerfile.foreign ? `$${pagesVariable(service)}` : "/srv";
  return `container=$(docker create "$${imageVariable(service)}")
docker cp "$container:${folder}/." "$WORK/${service.name}"
docker rm "$container"`;
}

/** Where the pages lie is known of images that were generated. */
export function pagesNeed(service: PlannedService): Needed[] {
  if (!service.dockerfile.foreign) return [];
  const what = `folder with the pages in the image of ${service.name}, such as /usr/share/nginx/html`;
  return [{ name: pagesVariable(service), secret: false, what }];
}

function pagesVariable({ name }: PlannedService): string {
  return `${constantName(name)}_PAGES`;
}
