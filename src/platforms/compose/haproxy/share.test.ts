import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { until } from "../../../../test/lab/until.ts";
import { systemClock } from "../../../core/clock.ts";
import { context, hasHaproxy, type Stage, stage, unit } from "./testing.ts";

const haproxy = test.skipIf(!hasHaproxy);

/** Which of `count` users, each with an agent of his own, get the candidate. */
async function candidates(url: string, count: number): Promise<Set<number>> {
  const users = new Set<number>();
  for (let user = 0; user < count; user += 50)
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const response = await fetch(url, { headers: { "user-agent": `browser/${user + index}` } });
        await response.text();
        if (response.headers.get("x-stationmaster-release") === "release of new") users.add(user + index);
      }),
    );
  return users;
}

async function sides(options: Parameters<typeof stage>[0] = {}) {
  const on = await stage(options);
  const [old, fresh] = [(await unit("old")).member, (await unit("new")).member];
  return { ...on, both: { stable: [old], candidate: [fresh] } };
}

haproxy("10 % of 4,000 users are 10 %, and a growing share takes nobody back", async () => {
  const { url, set, both } = await sides();
  await set({ ...both, share: 10 });
  const tenth = await candidates(url, 4_000);
  // 400 ± 5 standard deviations of a binomial.
  expect(tenth.size).toBeGreaterThan(400 - 5 * 19);
  expect(tenth.size).toBeLessThan(400 + 5 * 19);
  await set({ ...both, share: 25 });
  const quarter = await candidates(url, 1_000);
  expect(quarter.size).toBeGreaterThan(250 - 5 * 14);
  expect([...tenth].filter((user) => user < 1_000 && !quarter.has(user))).toEqual([]);
  // Another rollout spreads its risk over others.
  await set({ ...both, share: 10, salt: "r2" });
  const others = await candidates(url, 1_000);
  expect([...others].filter((user) => !tenth.has(user)).length).toBeGreaterThan(others.size / 2);
});

haproxy("what a user's side hangs on can be changed while the proxy runs", async () => {
  const { url, set, both, folder } = await sides();
  const release = async (headers: Record<string, string>) => {
    const response = await fetch(url, { headers });
    await response.text();
    return response.headers.get("x-stationmaster-release");
  };
  const seen = async (count: number, headers: (index: number) => Record<string, string>) =>
    new Set(await Promise.all(Array.from({ length: count }, (_, index) => release(headers(index)))));
  const me = () => ({ "user-agent": "me" });
  const config = () => readFileSync(join(folder, "haproxy.cfg"), "utf8");
  await set({ ...both, share: 50, key: "client" });
  const before = config();
  const mine = await seen(40, me);
  expect(mine.size).toBe(1);
  await set({ ...both, share: 50, key: "random" });
  // Both sides but for 2 in 2^40.
  expect((await seen(40, me)).size).toBe(2);
  await set({ ...both, share: 50, key: "cookie:sid" });
  for (const user of [1, 2, 3])
    expect((await seen(20, (index) => ({ "user-agent": `${index}`, cookie: `a=b; sid=u${user}` }))).size).toBe(1);
  expect((await seen(40, (index) => ({ ...me(), cookie: `sid=${index}` }))).size).toBe(2);
  for (const cookie of ["", "other=1", "sid="]) expect(await seen(10, () => ({ ...me(), cookie }))).toEqual(mine);
  expect(config()).toBe(before);
});

haproxy("a grant ends inside the proxy with nobody alive, and counts by the host's clock", async () => {
  // We are an hour behind the host.
  const clock = { ...systemClock, now: () => Date.now() - 3_600_000 };
  const { url, set, both, proxy } = await sides({ clock });
  const end = clock.now() + 3_000;
  const view = await set({ ...both, share: 100, until: end });
  expect(view.share).toBe(100);
  expect(Math.abs((view.until ?? 0) - end)).toBeLessThan(1_000);
  expect((await candidates(url, 50)).size).toBe(50);
  await until("the end of the grant", async () => (await proxy.read(context())).web?.share === 0);
  expect(Math.abs(clock.now() - end)).toBeLessThan(2_000);
  expect((await candidates(url, 50)).size).toBe(0);
  // Also over a reload.
  await proxy.upgrade(context());
  expect((await candidates(url, 50)).size).toBe(0);
});

haproxy(
  "candidates stand in for a stable side that is down while they are granted a share, never otherwise",
  async () => {
    const { url, set, proxy, port } = await stage();
    const [old, fresh] = [await unit("old"), (await unit("new")).member];
    await set({ stable: [old.member], candidate: [fresh], share: 0 });
    await old.stop();
    await until("the check to notice", async () => (await proxy.read(context())).web?.down.includes("old"));
    expect((await fetch(url)).status).toBe(503);
    await set({ stable: [old.member], candidate: [fresh], share: 1 });
    expect((await fetch(`http://127.0.0.1:${port}`)).status).toBe(200);
  },
);

haproxy("after a reload nothing is different, whatever was changed at run time", async () => {
  const { set, both, proxy } = await sides();
  const [old, fresh] = [...both.stable, ...both.candidate];
  if (!old || !fresh) throw new Error("no units");
  const third = (await unit("third")).member;
  const steps: Parameters<Stage["set"]>[0][] = [
    { stable: [old] },
    { stable: [old], candidate: [fresh], share: 12.5, until: Date.now() + 60_000 },
    { stable: [{ ...old, drain: true }], candidate: [{ ...fresh, weight: 7 }, third], share: 100 },
    { stable: [], candidate: [third], share: 100, hold: Date.now() + 20_000, salt: "it's; a\"salt #2" },
    { stable: [third, fresh] },
    { stable: [] },
  ];
  const plain = async () => {
    const { web } = await proxy.read(context());
    if (!web) throw new Error("no route");
    const { until, hold, figures, ...rest } = web;
    const sorted = (side: { id: string }[]) => [...side].sort((a, b) => (a.id < b.id ? -1 : 1));
    const seconds = (time: number | null) => time && Math.round(time / 10_000);
    const units = Object.keys(figures).sort();
    return {
      ...rest,
      until: seconds(until),
      hold: seconds(hold),
      units,
      stable: sorted(rest.stable),
      candidate: sorted(rest.candidate),
    };
  };
  for (const step of steps) {
    await set(step);
    const before = await plain();
    expect(before.stable.map(({ id }) => id)).toEqual((step?.stable ?? []).map(({ id }) => id).sort());
    await proxy.upgrade(context());
    expect(await plain()).toEqual(before);
  }
});
