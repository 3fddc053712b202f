import { describe, expect, test } from "vitest";
import { REPOSITORIES } from "../../../test/generate/repositories.ts";
import { planOf } from "../../../test/generate/scan-and-plan.ts";
import { TARGETS } from "../plan.ts";
import { prepare } from "../prepare.ts";

const KINDS = [...["railway", "vercel", "prometheus", "grafana", "datadog", "otel", "logging", "health", "runbooks"]];

describe.each(Object.entries(REPOSITORIES))("%s", (_, files) => {
  test.each(TARGETS)("%s: no finding in what runs beside the application, the same each time", async (target) => {
    const run = () =>
      prepare({
        plan: planOf(files, { target }),
        current: (path) => files[path],
        kinds: KINDS,
        today: "2026-01-01",
      });
    const { findings, files: written } = await run();
    // That a platform cannot run an application is said of the choice, not of the files.
    const ofFiles = findings.filter(({ rule }) => rule !== "platform");
    expect(ofFiles.map(({ rule, file, line, message }) => `${rule} ${file}:${line} ${message}`)).toEqual([]);
    const again = await run();
    expect(again.files.map(({ path, text }) => [path, text])).toEqual(written.map(({ path, text }) => [path, text]));
  });

  test("with the code in its place: no finding", async () => {
    const options = { plan: planOf(files), current: (path: string) => files[path], today: "2026-01-01" };
    const { findings } = await prepare({ ...options, kinds: ["health", "logging"], applyCode: true });
    expect(findings).toEqual([]);
  });
});
