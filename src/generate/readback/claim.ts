import type { Plan, PlannedService } from "../plan.ts";

/** What a file says of a service. */
export interface Claim {
  service: string;
  field: "port" | "health" | "image" | "replicas" | "metrics" | "output";
  /** As it is written; what a variable decides is no claim. */
  value: string;
  line: number;
}

/** The names of variables that a file gives to a service. */
export interface Wiring {
  service: string;
  names: readonly string[];
  /** Which of the plan's variables belong there. */
  wanted: (variable: PlannedService["env"][number]) => boolean;
  line: number;
}

export interface Said {
  claims: Claim[];
  wirings: Wiring[];
}

export const NOTHING: Said = { claims: [], wirings: [] };

/** Variables that a running service gets from where it runs. */
export function atRun({ class: kind, phase }: PlannedService["env"][number]): boolean {
  return kind !== "provided" && phase === "run";
}

/** Where a file and the plan differ. What people added is no difference. */
export function differences(
  { claims, wirings }: Said,
  plan: Plan,
): { message: string; line: number; vital: boolean }[] {
  const known = new Map(plan.services.map((service) => [service.name, service]));
  const wrong = claims.flatMap(({ service: name, field, value, line }) => {
    const service = known.get(name);
    const wanted = service && WANTED[field](service);
    if (!wanted || wanted.includes(value) || (field === "image" && wanted.some((image) => isTagOf(value, image))))
      return [];
    const message = `${field} of ${name} is ${value} here, and ${wanted.join(" or ")} in the plan`;
    return [{ message, line, vital: field !== "replicas" }];
  });
  const missing = wirings.flatMap(({ service: name, names, wanted, line }) => {
    const absent = (known.get(name)?.env ?? []).filter(
      (variable) => wanted(variable) && !names.includes(variable.name),
    );
    if (absent.length === 0) return [];
    const list = absent.map((variable) => variable.name).join(", ");
    return [{ message: `${name} reads ${list}, which it does not get here`, line, vital: false }];
  });
  return [...wrong, ...missing];
}

/** What the plan says of a field; undefined where it leaves it open. */
const WANTED: Record<Claim["field"], (service: PlannedService) => string[] | undefined> = {
  port: ({ port }) => (port === null ? undefined : [String(port)]),
  health: ({ health, readiness }) =>
    health === null ? undefined : [health, ...(readiness === null ? [] : [readiness])],
  image: ({ image }) => [image],
  replicas: ({ scale }) => [`${scale.min}-${scale.max}`],
  output: ({ output }) => (output === null ? undefined : [output]),
  metrics: ({ metrics }) => (metrics === null ? undefined : [metrics.path]),
};

function isTagOf(value: string, image: string): boolean {
  return value.startsWith(`${image}:`) || value.startsWith(`${image}@`);
}
