import { readFileSync } from "node:fs";
import { join } from "node:path";
import { docker } from "../test/labs/docker.ts";
import { type Bed, lengthOf, onHosts, type Shipped, ship, spent } from "./hosts-bed.ts";
import { type Usage, withUsage } from "./hosts-usage.ts";
import { percentiles } from "./load.ts";
import { seconds, table, verdict } from "./report.ts";

const BAKE_MS = 2_000;
/** Three passes of the health gate, a second apart. */
const GATE_MS = 2_000;
const TARGET = { hosts: 3, ms: 5_000 };

interface Measured extends Shipped {
  usage: Usage;
}

interface Row {
  hosts: number;
  rollouts: Measured[];
}

/** How long a blue-green rollout takes on so many hosts, and how much of that is ours; `times` rollouts on each number. */
export async function measureOverhead({ hosts, times }: { hosts: readonly number[]; times: number }): Promise<string> {
  const rows: Row[] = [];
  for (const count of hosts)
    rows.push({ hosts: count, rollouts: await onHosts({ hosts: count }, (bed) => rolloutsOn(bed, times)) });
  return format(rows);
}

async function rolloutsOn(bed: Bed, times: number): Promise<Measured[]> {
  const { fleet, images } = bed;
  const measured: Measured[] = [];
  for (let i = 0; i <= times; i++) {
    const image = images[i % 2 === 0 ? "one" : "two"] ?? "";
    // Images are there already, so that nothing of a rollout is a pull.
    await Promise.all(fleet.machines.hosts.map((host) => docker(host.docker, ["pull", "--quiet", image], 120_000)));
    fleet.manifest(image, { settings: { strategy: { kind: "blue-green", bake: `${BAKE_MS}ms` } } });
    const file = join(fleet.root, "usage.json");
    const shipped = await ship(bed, withUsage(file));
    // The first one makes networks and proxies.
    if (i > 0) measured.push({ ...shipped, usage: JSON.parse(readFileSync(file, "utf8")) });
  }
  return measured;
}

/** Where the time of a rollout goes, milliseconds. */
function parts({ rollout }: Shipped) {
  const { journal } = rollout;
  const all = lengthOf(rollout);
  const starts = spent(journal, "start:", "health:");
  const ours = all - BAKE_MS - GATE_MS - starts;
  const prepare = spent(journal, "prepare");
  const verify = spent(journal, "verify:") - GATE_MS;
  const routes = spent(journal, "shift:", "promote:", "settle:", "read-back:");
  const stop = spent(journal, "drain:", "stop:");
  return { all, starts, ours, prepare, verify, routes, stop, rest: ours - prepare - verify - routes - stop };
}

function format(rows: readonly Row[]): string {
  const middle = (values: readonly number[]) => seconds(percentiles(values).p50);
  const three = rows.find(({ hosts }) => hosts === TARGET.hosts)?.rollouts.map((one) => parts(one).ours) ?? [];
  return [
    `blue-green, one service, images pulled before, no load; the controller is the command, connecting anew (n = ${rows[0]?.rollouts.length} each, medians)`,
    table(
      ["hosts", "rollout s", "start s", "ours s", "prepare", "verify", "routes", "stop", "rest", "command s"],
      rows.map(({ hosts, rollouts }) => {
        const all = rollouts.map(parts);
        const of = (key: keyof ReturnType<typeof parts>) => middle(all.map((one) => one[key]));
        return [
          ...[hosts, of("all"), of("starts"), of("ours"), of("prepare"), of("verify"), of("routes"), of("stop")],
          of("rest"),
          middle(rollouts.map(({ commandMs }) => commandMs)),
        ];
      }),
    ),
    `start: containers and their first good answer; ours: the rollout without that, the bake of ${BAKE_MS / 1_000} s and the gate's spacing of ${GATE_MS / 1_000} s; of it: prepare, verify (probes), routes (with read-backs), stop, and the rest, which is mostly looks and checks after the bake; command: with its own start, connections, plan and checks`,
    table(
      ["hosts", "ssh commands", "CPU s", "CPU of ssh s", "memory MiB", "most MiB"],
      rows.map(({ hosts, rollouts }) => {
        const of = (key: keyof Usage) => percentiles(rollouts.map(({ usage }) => usage[key])).p50;
        return [hosts, of("ssh"), seconds(of("ownMs")), seconds(of("programsMs")), of("memory"), of("most")];
      }),
    ),
    "of the whole command; ssh commands: those to the shared connection on this machine are among them; memory: at its end, and the most it held, which is while it loads",
    verdict(
      `controller overhead on ${TARGET.hosts} hosts (target < 5 s): median ${middle(three)} s, max ${seconds(Math.max(...three))} s (n = ${three.length})`,
      three.length > 0 && three.every((ms) => ms < TARGET.ms),
    ),
  ].join("\n");
}
