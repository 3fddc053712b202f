import { setTimeout as delay } from "node:timers/promises";
import { systemClock } from "../src/core/clock.ts";
import { underLoad } from "../test/labs/fleet-load.ts";
import { type Bed, onHosts } from "./hosts-bed.ts";
import { percentiles } from "./load.ts";
import { seconds, table, verdict } from "./report.ts";

interface Case {
  name: string;
  version: string;
  strategy: Record<string, unknown>;
  /** A good release, which a person takes back while it bakes. */
  abort?: boolean;
}

const LONG = { bake: "5m" };
const CANARY = { kind: "canary", steps: [10, 50, 100], every: "5m", ...LONG };
const CASES: readonly Case[] = [
  { name: "a person aborts in the bake", version: "two", strategy: { kind: "blue-green", ...LONG }, abort: true },
  { name: "100 % errors, blue-green", version: "broken", strategy: { kind: "blue-green", ...LONG } },
  { name: "20 % errors, blue-green", version: "faulty", strategy: { kind: "blue-green", ...LONG } },
  { name: "100 % errors, canary at 10 %", version: "broken", strategy: CANARY },
  { name: "20 % errors, canary at 10 %", version: "faulty", strategy: CANARY },
];
const HOSTS = 2;
const RATE = 25;
const TARGET = { backMs: 2_000, decisionMs: 120_000 };

interface Undone {
  name: string;
  /** From the first bad answer that a user got to the decision; null where there was none. */
  noticedMs: number | null;
  /** From the decision to a share of 0 that all hosts report. */
  backMs: number;
  code: string;
  failed: number;
  sent: number;
  /** What is not as it should be. */
  wrong: string[];
}

/** Takes back releases that users have already, `times` for each cause; the controller is in this process. */
export async function measureRollback({ times }: { times: number }): Promise<string> {
  const versions = { one: {}, two: {}, broken: { ERROR_RATE: "1" }, faulty: { ERROR_RATE: "0.2" } };
  const undone = await onHosts({ hosts: HOSTS, versions }, async (bed) => {
    bed.fleet.manifest(bed.images.one ?? "");
    await bed.fleet.ship();
    const found: Undone[] = [];
    for (let i = 0; i < times; i++) for (const one of CASES) found.push(await takeBack(bed, one));
    return found;
  });
  return format(undone);
}

async function takeBack({ fleet, images }: Bed, { name, version, strategy, abort }: Case): Promise<Undone> {
  const before = await fleet.releases();
  fleet.manifest(images[version] ?? "", { settings: { strategy } });
  // The clock of the lab does not wait between two looks.
  const deployer = fleet.another({ clock: systemClock });
  let [decidedAt, backAt] = [Number.NaN, Number.NaN];
  const decided = () => {
    decidedAt = Date.now();
  };
  let row: Awaited<ReturnType<typeof deployer.run>> | undefined;
  const work = async () => {
    const { id } = await deployer.begin(await fleet.plan());
    if (abort)
      fleet.when("after intent post:page", async () => {
        await delay(1_000);
        decided();
        await deployer.abort(id, "bench");
      });
    else fleet.when("state ROLLING_BACK", decided);
    fleet.when("after outcome undo:app", () => {
      backAt = Date.now();
    });
    row = await deployer.run(id);
  };
  const load = await underLoad(fleet, work, { rate: RATE });
  const bad = load.failures.map(({ at }) => Date.parse(at));
  const after = await fleet.releases();
  return {
    name,
    noticedMs: bad.length > 0 ? decidedAt - Math.min(...bad) : null,
    backMs: backAt - decidedAt,
    code: row?.failure?.code ?? row?.state ?? "nothing",
    failed: load.failed,
    sent: load.sent,
    wrong: [
      row?.state !== "ROLLED_BACK" && `ended ${row?.state}: ${row?.reason}`,
      String(after) !== String(before) && `${before.join(", ")} served before, ${after.join(", ")} serve now`,
      abort && load.failed > 0 && `${load.failed} requests failed: ${load.failures[0]?.reason}`,
    ].filter((text) => typeof text === "string"),
  };
}

function format(undone: readonly Undone[]): string {
  const backs = undone.map(({ backMs }) => backMs);
  const noticed = undone.flatMap(({ noticedMs }) => noticedMs ?? []);
  const wrong = undone.flatMap((one) => one.wrong.map((text) => `${one.name}: ${text}`));
  const { p50 } = percentiles(backs);
  return [
    `${HOSTS} hosts, ${RATE} requests/s to each; the releases answer their health checks well`,
    table(
      ["", "n", "noticed p50 s", "max s", "back p50 s", "max s", "requests that failed", "decided by"],
      CASES.flatMap(({ name }) => {
        const some = undone.filter((one) => one.name === name);
        const times = some.flatMap(({ noticedMs }) => noticedMs ?? []);
        return [
          [
            name,
            some.length,
            seconds(percentiles(times).p50),
            times.length > 0 ? seconds(Math.max(...times)) : null,
            seconds(percentiles(some.map(({ backMs }) => backMs)).p50),
            seconds(Math.max(...some.map(({ backMs }) => backMs))),
            `${some.reduce((sum, { failed }) => sum + failed, 0)} of ${some.reduce((sum, { sent }) => sum + sent, 0)}`,
            [...new Set(some.map(({ code }) => code))].join(", "),
          ],
        ];
      }),
    ),
    "noticed: first bad answer to a user → decision; back: decision → share 0 read back from all hosts",
    verdict(
      `decision → share 0 read back (target < 2 s): p50 ${seconds(p50)} s, max ${seconds(Math.max(...backs))} s (n = ${backs.length})`,
      backs.every((ms) => ms < TARGET.backMs),
    ),
    verdict(
      `first bad answer → decision (target < 2 min): max ${seconds(Math.max(...noticed))} s (n = ${noticed.length})`,
      noticed.length > 0 && noticed.every((ms) => ms < TARGET.decisionMs),
    ),
    verdict("the old release serves after every rollback", wrong.length === 0),
    ...wrong,
  ].join("\n");
}
