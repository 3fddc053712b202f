import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startCommand } from "../../test/lab/command.ts";

test("what keeps a detached daemon from starting is told whole: every mistake of the manifest", async () => {
  const dir = mkdtempSync(join(tmpdir(), "sm-detach-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const config = join(dir, "stationmaster.yaml");
  writeFileSync(config, "project: x\nservices: { Api: { start: node a.js }, web: { start: 7 } }\n");
  const { code, stderr } = await startCommand(["up", "--detach", "--port", "0", "--config", config]).done;
  expect({ code, mistakes: stderr.match(/^ {2}\S.*services\.(Api|web)/gm)?.length }).toEqual({ code: 2, mistakes: 2 });
  expect(stderr).toMatch(/\nthe whole output is in .*daemon\.log\n$/);
});
