import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { until } from "../../../../test/lab/until.ts";
import { createLocalHost } from "../../../exec/local-host.ts";
import { context, hasHaproxy, stage, unit } from "./testing.ts";

const guide = new URL("../../../../docs/guide/servers.md", import.meta.url);

test.skipIf(!hasHaproxy)("the line of the guide brings the proxy back after a reboot", async () => {
  const home = mkdtempSync(join(tmpdir(), "smr-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const folder = join(home, ".stationmaster/proxy");
  const { proxy, set, url } = await stage({ folder });
  await set({ stable: [(await unit("one")).member] });
  const log = () => readFileSync(join(folder, "haproxy.log"), "utf8");
  await proxy.stop(context());

  // As cron runs it. Its address is not there before Docker has made its networks, so it tries until it is.
  const config = readFileSync(join(folder, "haproxy.cfg"), "utf8");
  writeFileSync(join(folder, "haproxy.cfg"), config.replace(/bind 127.0.0.1:/, "bind 203.0.113.1:"));
  const line = /^@reboot (.*)$/m.exec(readFileSync(guide, "utf8"))?.[1] ?? "";
  const argv = ["env", "-i", `HOME=${home}`, "PATH=/usr/bin:/bin", "/bin/sh", "-c", line];
  expect(await createLocalHost().run(argv, { deadlineMs: 30_000 })).toMatchObject({ code: 0 });
  await until("it has failed once", () => log().includes("ALERT"));
  writeFileSync(join(folder, "haproxy.cfg"), config);
  await until("an answer", async () => (await fetch(url)).headers.get("x-stationmaster-release") === "release of one");
  expect(await proxy.ensure(context())).toBe("running");
});
