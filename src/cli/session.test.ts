import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startCommand } from "../../test/lab/command.ts";
import { lockDaemon } from "../daemon/lock.ts";
import { findPlace, makePlace } from "../daemon/place.ts";

test("a command that finds no daemon where one runs for the same manifest elsewhere says so", async () => {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "sm-session-")));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const config = join(dir, "stationmaster.yaml");
  writeFileSync(config, "project: 7\n");
  const place = findPlace({ config }, {});
  makePlace(place);
  const lock = await lockDaemon(place);
  const hint = `a daemon of this manifest runs with --state ${place.stateDir}`;
  const ask = (...args: string[]) =>
    startCommand(["drill", "web/health", "--yes", "--config", config, "--state", join(dir, "other"), ...args]).done;
  const shown = await ask();
  expect(shown.stderr).toMatch(new RegExp(`^${hint}\nerror SM-CONFIG-`));
  const { error } = JSON.parse((await ask("--json")).stderr);
  expect(error).toMatchObject({ code: expect.stringMatching(/^SM-CONFIG-/), next: expect.stringContaining(hint) });
  lock.release();
  expect((await ask()).stderr).not.toContain(hint);
});
