import { expect, test } from "vitest";
import type { Member } from "../traffic.ts";
import { partOf } from "./routes.ts";

const unit = (host: string, drain: boolean): Member => ({
  ...{ id: `app-${host}`, host, port: 8000, release: "r1", weight: 100, drain },
});

test.each([
  { stable: [unit("a", true), unit("b", true)], waiting: ["a", "b"] },
  { stable: [unit("a", true), unit("b", false)], waiting: ["a"] },
  { stable: [], waiting: ["a", "b"] },
])("a hold concerns the hosts that have no unit to go on with: $waiting", ({ stable, waiting }) => {
  const wanted = { stable, candidate: [], share: 0, until: null, hold: 1_000 };
  const held = ["a", "b"].filter((host) => partOf("app", wanted, host).hold === 1_000);
  expect(held).toEqual(waiting);
});

test.each([
  [undefined, "client"],
  ["random", "random"],
  ["cookie:sid", "cookie:sid"],
])("a canary by %s is one by %s at the proxies", (key, expected) => {
  expect(partOf("app", { stable: [], candidate: [], share: 0, until: null, hold: null, key }, "a").key).toBe(expected);
});
