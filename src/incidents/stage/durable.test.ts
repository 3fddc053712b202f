import { expect, test } from "vitest";
import { openStore } from "../../store/connect.ts";
import { spec, until, watchBench } from "../../watch/testing.ts";
import { createWorld, SECOND } from "../testing.ts";

const { rows, store, target, watching } = watchBench();

const seqs = async () =>
  (await rows("select recorded::int, delivered::int from check_state where check_id = 'local/api/health'"))[0];

test("a verdict that could not be folded before the daemon died is folded by the next one, once", async () => {
  const api = await target();
  const check = spec("local/api/health", api.port);
  const place = { app: "durable", environment: "local" };
  // A connection of its own, that fails while the watch still writes.
  const failing = await openStore({ url: store().url });
  const doomed = await createWorld(failing, place);
  const first = await watching([check], { onVerdict: (event) => doomed.incidents.handle(event) });
  await until("UP, taken", async () => (await seqs())?.delivered > 0);
  failing.db.transaction = () => Promise.reject(new Error("no room"));
  await api.down();
  await until("DOWN, recorded", async () => first.watch.verdicts()[0]?.verdict === "DOWN");
  await until("DOWN, refused", () => doomed.failures.length + first.problems.length > 0);
  await Promise.all([doomed.stop(), first.watch.stop()]);
  await failing.close();
  const { recorded, delivered } = await seqs();
  expect(delivered).toBeLessThan(recorded);

  const world = await createWorld(store(), place);
  await world.incidents.resume();
  const second = await watching([check], { onVerdict: (event) => world.incidents.handle(event) });
  await until("an incident", async () => (await world.incidents.list()).length === 1);
  await until("delivered", async () => (await seqs())?.delivered === (await seqs())?.recorded);
  await second.watch.stop();
  await world.settle();

  // A daemon that died between the commit and its note of it.
  await rows("update check_state set delivered = 0 where check_id = 'local/api/health'");
  const third = await watching([check], { onVerdict: (event) => world.incidents.handle(event) });
  await until("delivered again", async () => (await seqs())?.delivered === (await seqs())?.recorded);
  await third.watch.stop();
  await world.pass(SECOND);
  expect((await world.only()).timeline.filter(({ kind }) => kind === "opened")).toHaveLength(1);
  await world.stop();
});
