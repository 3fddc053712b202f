import { expect, test } from "vitest";
import { createFakeHouse } from "../server/testing.ts";
import { knownNames } from "./known-names.ts";

const { usecases } = createFakeHouse();

test("names begin with what was typed; a kind that nobody knows has none", async () => {
  const [id = ""] = (await knownNames(usecases, "checks", "")) ?? [];
  expect(id).not.toBe("");
  expect(await knownNames(usecases, "checks", id.slice(0, 3))).toContain(id);
  expect(await knownNames(usecases, "checks", id.slice(1))).not.toContain(id);
  for (const kind of ["incidents", "services", "silences", "channels"])
    expect(await knownNames(usecases, kind, "")).toEqual(expect.any(Array));
  expect(await knownNames(usecases, "toString", "")).toBeUndefined();
});

test("a name that a shell would run is not offered", async () => {
  const silences = async () =>
    (await usecases.silences())
      .slice(0, 1)
      .flatMap((silence) => ["$(id)", "`id`", "a b", "s-1"].map((id) => ({ ...silence, id })));
  expect(await knownNames({ ...usecases, silences }, "silences", "")).toEqual(["s-1"]);
});
