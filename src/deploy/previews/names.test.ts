import fc from "fast-check";
import { expect, test } from "vitest";
import { Name } from "../../config/fields.ts";
import { isPreviewName, refName } from "./names.ts";

test("a branch becomes a name that a host and a person can use", () => {
  expect(refName("refs/heads/main", [])).toBe("br-main");
  expect(refName("refs/heads/feature/Login_2", [])).toBe("br-feature-login-2");
  expect(refName("refs/heads/ü", [])).toMatch(/^br-[0-9a-f]{6}$/);
  expect(refName("refs/pull/7/head", [])).toBe("pr-7");
});

test("two branches that would share a name do not, and each keeps its own", () => {
  const known = [{ env: "br-a-b", ref: "refs/heads/a/b" }];
  const other = refName("refs/heads/a-b", known);
  expect(other).toMatch(/^br-a-b-[0-9a-f]{6}$/);
  known.push({ env: other, ref: "refs/heads/a-b" });
  expect(refName("refs/heads/a-b", known)).toBe(other);
  expect(refName("refs/heads/a/b", known)).toBe("br-a-b");
});

test("whatever branches are called, their names are valid and differ", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ minLength: 1, maxLength: 80, unit: "grapheme" }), { maxLength: 20 }),
      (branches) => {
        const known: { env: string; ref: string }[] = [];
        for (const branch of branches)
          known.push({ env: refName(`refs/heads/${branch}`, known), ref: `refs/heads/${branch}` });
        const names = known.map(({ env }) => env);
        for (const name of names) expect(Name.safeParse(name).success && isPreviewName(name)).toBe(true);
        expect(new Set(names).size).toBe(names.length);
      },
    ),
  );
});

test.each(["production", "pr-0", "pr-x", "br-", "pr-7-x", "br--x"])("%s is no preview", (name) => {
  expect(isPreviewName(name)).toBe(false);
});
