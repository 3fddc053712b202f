import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Host } from "../../../exec/host.ts";
import { createLocalHost } from "../../../exec/local-host.ts";
import { filesIn } from "./files.ts";
import { renderState } from "./route.ts";
import { loadRoutes } from "./store.ts";

const signal = AbortSignal.timeout(30_000);

/** `between` happens after a file was read and before it is looked whether it is there. */
function hostWith(between: () => void): Host {
  const host = createLocalHost();
  return {
    ...host,
    run: async (argv, options) => {
      if (argv[0] === "test") between();
      return await host.run(argv, options);
    },
  };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sm-routes-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("where there is no file there is no route", async () => {
  expect(
    await loadRoutes(
      hostWith(() => undefined),
      temporaryFolder(),
      signal,
    ),
  ).toEqual({});
});

test("a file that another process makes between the read and the look is read", async () => {
  const folder = temporaryFolder();
  let made = 0;
  const host = hostWith(() => {
    made += 1;
    writeFileSync(filesIn(folder).state, renderState({}));
  });
  expect(await loadRoutes(host, folder, signal)).toEqual({});
  expect(made).toBe(1);
});

test("what is there and cannot be read is an error, not an empty list", async () => {
  const folder = temporaryFolder();
  mkdirSync(filesIn(folder).state);
  await expect(
    loadRoutes(
      hostWith(() => undefined),
      folder,
      signal,
    ),
  ).rejects.toMatchObject({ code: "SM-PROXY-STATE" });
});
