import { UserError } from "../../core/errors.ts";
import type { Place } from "./places.ts";

const ASK_MS = 30_000;
/** Another after each boot, and never the same on two machines: also not on one that was copied, as a machine's id can be. */
const BOOT_ID = "/proc/sys/kernel/random/boot_id";

/**
 * Refuses hosts that are one machine by two names (UserError `SM-HOST-TWICE`): its gate would keep us from ourselves, and two
 * sets of units would want one port.
 */
export async function refuseSameMachine(places: readonly Place[], signal: AbortSignal): Promise<void> {
  if (places.length < 2) return;
  const machines = await Promise.all(
    places.map(async (place) => [place.name, await machineOf(place, signal)] as const),
  );
  const twice = sameMachine(machines);
  if (!twice) return;
  throw new UserError({
    code: "SM-HOST-TWICE",
    message: `${twice.join(" and ")} are the same machine`,
    next: "name it once in `hosts`; `replicas` runs several units of a service there",
  });
}

/** The first two names that have the same machine; undefined where each has its own. */
export function sameMachine(machines: readonly (readonly [string, string])[]): [string, string] | undefined {
  const known = new Map<string, string>();
  for (const [name, machine] of machines) {
    const first = known.get(machine);
    if (first !== undefined) return [first, name];
    known.set(machine, name);
  }
  return undefined;
}

/** A kernel may have several engines, each for a host of its own. */
async function machineOf({ docker, host }: Place, signal: AbortSignal): Promise<string> {
  const engine = await docker.call(["info", "--format", "{{.ID}}"], { step: "ask docker who it is", signal });
  const boot = await host.run(["cat", BOOT_ID], { deadlineMs: ASK_MS, signal });
  return `${engine.trim()} ${boot.stdout.trim()}`;
}
