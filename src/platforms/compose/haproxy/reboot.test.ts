import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { kill } from "../../../../test/lab/processes.ts";
import { until } from "../../../../test/lab/until.ts";
import { createLocalHost } from "../../../exec/local-host.ts";
import { findSetup } from "./setup.ts";
import { context, hasHaproxy, pidOf, stage, unit } from "./testing.ts";

const guide = new URL("../../../../docs/guide/servers.md", import.meta.url);

test.skipIf(!hasHaproxy)(
  "the line of the guide brings the proxy back after a reboot, once Docker answers",
  async () => {
    const home = mkdtempSync(join(tmpdir(), "smr-"));
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    const folder = join(home, ".stationmaster/proxy");
    const { proxy, set, url } = await stage({ folder });
    await set({ stable: [(await unit("one")).member] });
    kill(pidOf(folder), "SIGKILL");
    await until("the proxy is gone", async () => !(await proxy.runs(context())));

    const line = /^@reboot (.*)$/m.exec(readFileSync(guide, "utf8"))?.[1] ?? "";
    const host = createLocalHost();
    const { start } = await findSetup({ host, folder }, context().signal);
    expect(line.split("done; ")[1]?.replaceAll("~", home).split(" ")).toEqual(start);
    // As cron runs it. Docker answers when it is asked for the second time.
    const programs = join(home, "bin");
    mkdirSync(programs);
    writeFileSync(join(programs, "docker"), `#!/bin/sh\n[ -e "$HOME/asked" ] || { touch "$HOME/asked"; exit 1; }\n`, {
      mode: 0o755,
    });
    const argv = ["env", "-i", `HOME=${home}`, `PATH=${programs}:/usr/bin:/bin`, "/bin/sh", "-c", line];
    expect(await host.run(argv, { deadlineMs: 30_000 })).toMatchObject({ code: 0 });
    expect((await fetch(url)).headers.get("x-stationmaster-release")).toBe("release of one");
    expect(await proxy.ensure(context())).toBe("running");
  },
);
