import type { Plan } from "../../plan.ts";

/** The port of the machine for each service and store: their own where it is free, the next one otherwise. */
export function hostPorts(plan: Plan, stores: readonly { name: string; port: number }[] = []): Map<string, number> {
  const taken = new Map<string, number>();
  const used = new Set<number>();
  const wanted = [
    ...plan.services.flatMap(({ name, port }) => (port === null ? [] : [{ name, port }])),
    ...stores.map(({ name, port }) => ({ name, port })),
  ];
  for (const { name, port } of wanted) {
    let free = port;
    while (used.has(free)) free += 1;
    used.add(free);
    taken.set(name, free);
  }
  return taken;
}
