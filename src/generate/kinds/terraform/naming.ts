import type { Plan, PlannedService } from "../../plan.ts";

/** A name that every cloud takes: small letters, digits and single hyphens, a letter first. */
export function slug(text: string, longest: number): string {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .replace(/^(?=\d)/, "app-")
    .slice(0, longest)
    .replace(/-+$/, "");
  return plain === "" ? "app" : plain;
}

/** With the environment behind it, it stays below what load balancers take as a name. */
const LONGEST_PROJECT = 20;

export function projectSlug({ project }: Plan): string {
  return slug(project, LONGEST_PROJECT);
}

/** The services whose pages lie in a bucket. */
export function pagesOf({ services }: Plan): PlannedService[] {
  return services.filter(({ role }) => role === "static");
}

/** The services that requests from outside reach as containers. */
export function serversOf({ services }: Plan): PlannedService[] {
  return services.filter(({ role, port }) => role === "http" && port !== null);
}

/** The services that run as containers; pages lie in a bucket. */
export function containersOf({ services }: Plan): PlannedService[] {
  return services.filter(({ role }) => role !== "static");
}

/** The domain for the only service of an application, or for its first pages; a name below it for the others. */
export function hostOf(service: PlannedService, plan: Plan): string {
  const [first] = [...pagesOf(plan), ...serversOf(plan)];
  return service === first ? "${var.domain}" : `${slug(service.name, 40)}.\${var.domain}`;
}
