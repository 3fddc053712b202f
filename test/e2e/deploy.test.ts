import { afterAll, beforeAll, expect, test } from "vitest";
import { type Lab, openLab } from "../lab/lab.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

test("first deploy", async () => {
  const { rollout, code } = await lab.deploy();
  expect(rollout.state).toBe("SUCCEEDED");
  expect(code).toBe(0);
  expect(await lab.ask("/version")).toMatchObject({ status: 200, release: "r1" });
});
