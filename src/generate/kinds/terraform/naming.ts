import { createHash } from "node:crypto";
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

const MARK = 4;

/** The same, where two that begin alike must not become one: what is cut off leaves a mark behind. */
export function fitted(text: string, longest: number): string {
  const whole = slug(text, text.length + 4);
  if (whole.length <= longest) return whole;
  const mark = createHash("sha256").update(text).digest("hex").slice(0, MARK);
  return `${slug(text, longest - MARK - 1)}-${mark}`;
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

const FRONT = /(?:^|-)(?:web|front|frontend|site|www|ui)$/;

/** The service that people open: pages, what renders them, what is called like them, or the first there is. */
export function frontOf(plan: Plan): PlannedService | undefined {
  const all = [...pagesOf(plan), ...serversOf(plan)];
  return (
    all.find(({ kind }) => kind === "spa" || kind === "static" || kind === "ssr") ??
    all.find(({ name }) => FRONT.test(name)) ??
    all[0]
  );
}

/** The domain for the service that people open; a name below it for the others. */
export function hostOf(service: PlannedService, plan: Plan): string {
  return service === frontOf(plan) ? "${var.domain}" : `${slug(service.name, 40)}.\${var.domain}`;
}
