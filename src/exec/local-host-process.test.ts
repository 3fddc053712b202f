import { expect, test } from "vitest";
import { run } from "./run.ts";

test("a program that cannot be started for want of files is told, and this process goes on", async () => {
  const program = `
    import { openSync } from "node:fs";
    import { startProcess } from ${JSON.stringify(new URL("./local-host-process.ts", import.meta.url))};
    try { for (;;) openSync("/dev/null"); } catch {}
    const { exited, write, end } = startProcess(["true"]);
    write("nobody reads it");
    end();
    console.log(JSON.stringify(await exited));
  `;
  const few = ["sh", "-c", 'ulimit -n 60; exec "$@"', "sh", process.execPath, "--input-type=module", "-e", program];
  const { stdout, stderr } = await run(few, { deadlineMs: 60_000 });
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual({ code: 127, stderr: expect.stringContaining("EMFILE") });
});
