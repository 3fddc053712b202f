import { expect, test } from "vitest";
import { runLoad } from "../../../../bench/load.ts";
import { until } from "../../../../test/lab/until.ts";
import { context, hasHaproxy, stage, unit } from "./testing.ts";

const haproxy = test.skipIf(!hasHaproxy);

haproxy("a whole blue-green and the way back under load: no request fails", async () => {
  const { url, set, proxy, figures } = await stage();
  const [one, two, three] = [await unit("one"), await unit("two"), await unit("three")];
  await set({ stable: [one.member] });
  const end = new AbortController();
  const load = runLoad({
    url,
    rate: 150,
    signal: end.signal,
    mix: { getKeepAlive: 3, getNew: 1, postBody: 1 },
  });
  const soon = () => Date.now() + 60_000;
  const idle = (id: string) => until(`${id} is idle`, async () => ((await figures(id))?.inflight ?? 0) === 0);

  await set({ stable: [one.member], candidate: [two.member], share: 10, until: soon() });
  await set({ stable: [one.member], candidate: [two.member], share: 50, until: soon() });
  await set({ stable: [one.member], candidate: [two.member], share: 100, until: null });
  await proxy.upgrade(context());
  // Back, and forward again.
  await set({ stable: [one.member], candidate: [two.member], share: 0 });
  await set({ stable: [one.member], candidate: [two.member], share: 100 });
  await set({ stable: [two.member] });
  await idle("one");
  await one.stop();
  // Rolling: one more, then the old one leaves.
  await set({ stable: [two.member], candidate: [three.member], share: 50 });
  await set({ stable: [], candidate: [three.member], share: 100 });
  await idle("two");
  await two.stop();
  await proxy.upgrade(context());
  await set({ stable: [three.member] });
  const seen = await proxy.read(context());
  end.abort();

  const { failed, failures, sent, releases } = await load;
  expect({ failed, failures }).toEqual({ failed: 0, failures: [] });
  expect(sent).toBeGreaterThan(40);
  expect(Object.keys(releases).sort()).toEqual(["release of one", "release of three", "release of two"]);
  expect(seen.web).toMatchObject({ share: 0, stable: [three.member], candidate: [], down: [] });
});
