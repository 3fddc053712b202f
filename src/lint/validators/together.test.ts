import { expect, test } from "vitest";
import { contextOf } from "../rules/testing.ts";
import { actionlint } from "./github-actions.ts";
import { hcl } from "./terraform.ts";

test("two Go programs start at once, and both answer afterwards", async () => {
  const context = contextOf({ "main.tf": "a = ", ".github/workflows/a.yml": "on: push\njobs: {}\n" });
  const both = () =>
    Promise.all(
      context.files.map(async (file) =>
        (await (hcl.kinds.includes(file.kind) ? hcl : actionlint).validate(file, context)).map(
          ({ message }) => message,
        ),
      ),
    );
  const first = await both();
  expect(first.map((messages) => messages.length > 0)).toEqual([true, true]);
  expect(await both()).toEqual(first);
  expect("require" in globalThis).toBe(false);
});
