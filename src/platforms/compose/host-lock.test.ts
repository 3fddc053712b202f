import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createLocalHost } from "../../exec/local-host.ts";
import { exclusively } from "./host-lock.ts";

const folder = mkdtempSync(join(tmpdir(), "stationmaster-lock-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("one after the other, also after one that failed", async () => {
  const host = createLocalHost();
  const signal = AbortSignal.timeout(60_000);
  let inside = 0;
  let most = 0;
  const work = async (fails: boolean) => {
    inside++;
    most = Math.max(most, inside);
    await new Promise((done) => setTimeout(done, 50));
    inside--;
    if (fails) throw new Error("meant");
  };
  const ends = await Promise.allSettled(
    [false, true, false].map((fails) =>
      exclusively({ host: host.name, file: join(folder, "lock"), open: host.open }, signal, () => work(fails)),
    ),
  );
  expect(most).toBe(1);
  expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "fulfilled", "rejected"]);
});

test("a lock that cannot be made is an error that names the host", async () => {
  const host = createLocalHost();
  const signal = AbortSignal.timeout(60_000);
  const file = join(folder, "lock/below a file");
  const work = exclusively({ host: host.name, file, open: host.open }, signal, async () => "never");
  await expect(work).rejects.toMatchObject({ code: "SM-HOST-LOCK", message: expect.stringContaining("local: ") });
});
