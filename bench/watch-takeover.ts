import { setTimeout as delay } from "node:timers/promises";
import { openCrew, type TakeOver } from "../test/lab/crew.ts";
import { percentiles } from "./load.ts";
import { seconds, table, verdict } from "./report.ts";

const CHECKS = 100;
const [KILLS, CUTS] = [20, 5];
const LOOK_MS = 1_000;
const GOAL_MS = { kill: 2_000, cut: 20_000 };
const LONGEST_MS = 120_000;

/** Two workers on one database: how long until the other owns and runs the checks of one that is killed, or cut off from the database. */
export async function benchWatchTakeover({ kills = KILLS, cuts = CUTS } = {}): Promise<string> {
  const crew = await openCrew(CHECKS);
  const [killed, cutOff]: [TakeOver[], TakeOver[]] = [[], []];
  try {
    let stays = await crew.start();
    for (let round = 0; round < kills; round++) {
      const next = await crew.start();
      await crew.shared(2);
      // The other looks once a second: at each moment of it.
      await delay((LOOK_MS * round) / kills);
      killed.push(await crew.takeOver(stays, () => void stays.command.child.kill("SIGKILL"), LONGEST_MS));
      stays = next;
    }
    const far = await crew.start({ byRelay: true });
    for (let round = 0; round < cuts; round++) {
      await crew.shared(2);
      cutOff.push(await crew.takeOver(far, crew.relay.cut, LONGEST_MS));
      crew.relay.heal();
    }
    await crew.shared(2);
  } finally {
    await crew.close();
  }
  const twice = [...killed, ...cutOff].flatMap(({ doubled }) => doubled).length + crew.overlaps.length;
  const last = Math.max(...cutOff.map(({ lastMs }) => lastMs ?? 0));
  return [
    `${CHECKS} checks every second, shared by two workers on one PostgreSQL server; each has half of the shards when one ends`,
    table(
      ["the end of one", "n", "owned elsewhere p50 s", "max s", "run elsewhere p50 s", "max s"],
      [row("kill -9", killed), row("network cut", cutOff)],
    ),
    "owned: all its shards have another owner; run: each of its checks was asked by another, which takes up to its interval more;",
    `network cut: nothing passes between it and the database, and neither is told; it ran checks for ${seconds(last)} s more at most`,
    verdict(`owned at most ${GOAL_MS.kill / 1_000} s after kill -9`, longest(killed) <= GOAL_MS.kill),
    verdict(`owned at most ${GOAL_MS.cut / 1_000} s after a network cut`, longest(cutOff) <= GOAL_MS.cut),
    verdict(`${twice} runs of a check by two workers at once, or by the one that was replaced`, twice === 0),
  ].join("\n");
}

function row(what: string, all: readonly TakeOver[]): (string | number)[] {
  const [owned, ran] = [all.map(({ ownedMs }) => ownedMs), all.map(({ ranMs }) => ranMs)];
  const figures = [owned, ran].flatMap((times) => [seconds(percentiles(times).p50), seconds(Math.max(...times))]);
  return [what, all.length, ...figures];
}

function longest(all: readonly TakeOver[]): number {
  return Math.max(...all.map(({ ownedMs }) => ownedMs));
}
