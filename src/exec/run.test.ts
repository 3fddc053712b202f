import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { until } from "../../test/lab/until.ts";
import { currentCommit } from "./git.ts";
import { allByEnvironment } from "./process.ts";
import { run } from "./run.ts";

const node = (code: string) => [process.execPath, "-e", code];

test("answers output and exit code, and takes arguments as they are", async () => {
  const odd = "a b; $(id) `id` \"'";
  const result = await run([...node("console.log(process.argv[1]); console.error('e'); process.exitCode = 3"), odd], {
    deadlineMs: 30_000,
  });
  expect(result).toEqual({ code: 3, stdout: `${odd}\n`, stderr: "e\n" });
});

test("ends the program and its children at the deadline", async () => {
  const mark = `deadline-${process.pid}`;
  const argv = ["/bin/sh", "-c", "sleep 600 & sleep 600"];
  await expect(run(argv, { deadlineMs: 300, env: { MARK: mark } })).rejects.toMatchObject({ code: "SM-EXEC-DEADLINE" });
  await until("no process", async () => (await allByEnvironment("MARK", mark)).length === 0, 5_000);
});

test("ends it when the signal aborts, and does not start it when it has", async () => {
  const reason = new Error("enough");
  const abort = new AbortController();
  const running = run(node("setInterval(() => {}, 1000)"), { deadlineMs: 60_000, signal: abort.signal });
  abort.abort(reason);
  await expect(running).rejects.toBe(reason);
  await expect(run(["/no/such/program"], { deadlineMs: 1_000, signal: abort.signal })).rejects.toBe(reason);
});

test("a program that is not there is an error, not a crash", async () => {
  await expect(run(["/no/such/program"], { deadlineMs: 1_000 })).rejects.toMatchObject({ code: "SM-EXEC-START" });
});

test("names the commit, says when files differ, and has no opinion outside a repository", async () => {
  const folder = mkdtempSync(join(tmpdir(), "stationmaster-git-"));
  const git = (...args: string[]) =>
    run(["git", "-C", folder, "-c", "user.name=t", "-c", "user.email=t@t", ...args], { deadlineMs: 30_000 });
  try {
    expect(await currentCommit(folder)).toBeUndefined();
    await git("init", "-q");
    writeFileSync(join(folder, "a"), "1");
    await git("add", ".");
    await git("commit", "-q", "-m", "one", "--no-gpg-sign");
    const clean = await currentCommit(folder);
    expect(clean).toMatch(/^[0-9a-f]{12}$/);
    writeFileSync(join(folder, "a"), "2");
    expect(await currentCommit(folder)).toBe(`${clean}-dirty`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
