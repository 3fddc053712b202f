import type { Plan, PlannedService } from "../../plan.ts";

/** Names that the file imports, and words that TypeScript keeps for itself. */
const TAKEN =
  "ctx pushed defineRailway project service github postgres mysql mongo redis volume preserve partial await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield".split(
    " ",
  );

/** Gives each resource a constant of its own: two may be called alike, and one may be called like a function of the SDK. */
export function constantNames(): (name: string, kind: string) => string {
  const used = new Set(TAKEN);
  return (name, kind) => {
    const camel = name
      .replace(/[^A-Za-z0-9]+(.)?/g, (_, letter: string | undefined) => letter?.toUpperCase() ?? "")
      .replace(/^[A-Z]/, (letter) => letter.toLowerCase());
    const plain = /^[A-Za-z]/.test(camel) ? camel : `_${camel}`;
    const longer = `${plain}${kind}`;
    let chosen = used.has(plain) ? longer : plain;
    for (let count = 2; used.has(chosen); count++) chosen = `${longer}${count}`;
    used.add(chosen);
    return chosen;
  };
}

/** A name that no service of the project has, for a further program of a service. */
export function besides({ name }: PlannedService, program: string, { services }: Pick<Plan, "services">): string {
  let chosen = `${name}-${program}`;
  while (services.some((other) => other.name === chosen)) chosen += "-program";
  return chosen;
}

/** All services that a plan has on Railway: those of the plan, and each program and schedule as one more, behind the service that migrates. */
export function servicesThere(plan: Pick<Plan, "services">): string[] {
  return plan.services.flatMap((service) => [
    service.name,
    ...service.processes.map(({ name }) => besides(service, name, plan)),
    ...service.crons.filter(({ command }) => command !== null).map(({ name }) => besides(service, name, plan)),
  ]);
}
