import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { kill } from "../../../../test/lab/processes.ts";
import { missingSshd, startSshd } from "../../../../test/labs/sshd.ts";
import { openHost } from "../../../exec/open-host.ts";
import { context, hasHaproxy, pidOf, stage, unit } from "./testing.ts";

const missing = hasHaproxy ? missingSshd() : "HAProxy";
if (missing) console.log(`skipped: a proxy over SSH needs ${missing}`);

test.skipIf(missing)("over SSH all is the same, also with nobody at the end of the forwarded socket", async () => {
  const folder = mkdtempSync(join(tmpdir(), "smp-"));
  const sshd = await startSshd({ folder, name: "h1", address: "127.0.0.2" });
  writeFileSync(join(folder, "config"), sshd.configBlock);
  const host = openHost("h1", { controlDir: join(folder, "c"), configFile: join(folder, "config") });
  onTestFinished(async () => {
    await host.close();
    await sshd.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const { proxy, set, url, folder: place } = await stage({ host });
  expect(await proxy.read(context())).toEqual({});
  const [one, two] = [(await unit("one")).member, (await unit("two")).member];
  expect(await set({ stable: [one] })).toMatchObject({ stable: [one], share: 0 });
  const view = await set({ stable: [one], candidate: [two], share: 100, until: Date.now() + 60_000 });
  expect(view).toMatchObject({ candidate: [two], share: 100 });
  expect((await fetch(url)).headers.get("x-stationmaster-release")).toBe("release of two");
  await proxy.stop(context());
  expect(await proxy.ensure(context())).toBe("started");
  kill(pidOf(place), "SIGKILL");
  // It is back by itself.
  expect(await proxy.ensure(context())).toBe("running");
  expect((await proxy.read(context())).web).toMatchObject({ candidate: [two], share: 100 });

  // What a person sees who comes too late for the answer.
  const late = new AbortController();
  const asked = proxy.read({ signal: late.signal });
  late.abort(new Error("too late"));
  await expect(asked).rejects.toThrow("too late");
});
