import { systemClock } from "../src/core/clock.ts";
import { type DeployLab, openDeployLab } from "../src/deploy/testing.ts";
import { service } from "../test/lab/lab.ts";

/** What a worker is told: to open so many applications, to ship a release of each at once, or to end. */
export type Order = { open: number } | { ship: number } | "end";

/** Lengths of the rollouts, ms; empty for what ships nothing. */
export interface Done {
  tookMs: number[];
  /** Of this process for the order, ms of processor time. */
  cpuMs: number;
}

const labs: DeployLab[] = [];

async function carryOut(order: Order): Promise<number[]> {
  if (order === "end") {
    await Promise.all(labs.map((lab) => lab.close()));
    return [];
  }
  if ("open" in order) {
    for (let count = 0; count < order.open; count++) {
      const lab = await openDeployLab({ services: { app: service() }, strategy: { kind: "blue-green", bake: "1s" } });
      labs.push(lab);
    }
    await Promise.all(labs.map(ship));
    return [];
  }
  for (const lab of labs)
    lab.manifest({
      services: { app: service({ env: { STEP: String(order.ship) } }) },
      strategy: { kind: "blue-green", bake: "1s" },
    });
  return await Promise.all(labs.map(ship));
}

async function ship(lab: DeployLab): Promise<number> {
  const begin = performance.now();
  // The lab's own looks more often than a user's would.
  const deployer = lab.another({ clock: systemClock });
  const { id } = await deployer.begin(await lab.plan());
  const { state, reason } = await deployer.run(id);
  if (state !== "SUCCEEDED") throw new Error(`a rollout ended ${state}: ${reason}`);
  return performance.now() - begin;
}

process.on("message", async (order: Order) => {
  const before = process.cpuUsage();
  const tookMs = await carryOut(order);
  const { user, system } = process.cpuUsage(before);
  process.send?.({ tookMs, cpuMs: (user + system) / 1_000 } satisfies Done);
  if (order === "end") process.disconnect();
});
