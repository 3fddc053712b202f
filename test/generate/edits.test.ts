import { describe, expect, test } from "vitest";
import { memoryTree } from "../../src/formats/tree.ts";
import { mergeFile } from "../../src/generate/merge/merge.ts";
import { chosenKinds, render } from "../../src/generate/render.ts";
import { checkFiles } from "../../src/lint/check.ts";
import { BEFORE, EDITS, MOVES } from "./edits.ts";

const KINDS = [
  "dockerfile",
  "compose",
  "github-actions",
  "kubernetes",
  "grafana",
  "env-example",
  "terraform",
  "railway",
];
const filesOf = (plan: typeof BEFORE) => render(plan, chosenKinds(plan, KINDS));
const BASE = filesOf(BEFORE);
const MARKER = /^(?:<{7}|={7}|>{7}|\|{7})/m;

const CASES = Object.entries(MOVES).flatMap(([move, after]) => {
  const moved = filesOf(after);
  return Object.entries(EDITS).flatMap(([path, edits]) => {
    const base = BASE.get(path)?.text ?? "";
    const next = moved.get(path)?.text ?? "";
    return base === next ? [] : edits.map((edit, index) => ({ path, edit, move, base, next, index }));
  });
});

interface Counted {
  name: string;
  path: string;
  text: string;
  aided: boolean;
  lost: boolean;
  marked: boolean;
}

function counted({ path, edit, move, base, next }: (typeof CASES)[number]): Counted {
  const name = `${path}: ${edit.change} "${edit.put.trim().split("\n")[0]}" × ${move}`;
  const current = base.replace(edit.find, () => edit.put);
  if (current === base || !edit.holds(current) || edit.holds(base)) throw new Error(`${name} edits nothing`);
  const given = { path, base, ownership: "managed", restore: false, adopt: false } as const;
  const { action, text = "", proposed } = mergeFile({ ...given, current, next });
  const again = mergeFile({ ...given, base: next, current: text, next });
  expect(again, name).toMatchObject({ action: "keep", text });
  if (action === "conflict") expect(proposed, name).toBe(next);
  else expect(text, `${name}: what the plan changed`).not.toBe(current);
  return { name, path, text, aided: action === "conflict", lost: !edit.holds(text), marked: MARKER.test(text) };
}

describe("edits of people while the plan moves on", () => {
  const all = CASES.map(counted);

  test("no edit is lost, no file gets a marker, and at most one of twenty needs a person", () => {
    const aided = all.filter((one) => one.aided);
    const share = 100 * (1 - aided.length / all.length);
    console.log(
      `${all.length} edits: 0 lost expected, ${all.filter((one) => one.lost).length} lost, ${share.toFixed(1)} % merged unaided`,
    );
    for (const { name } of aided) console.log(`  needs a person: ${name}`);
    expect(all.filter((one) => one.lost).map(({ name }) => name)).toEqual([]);
    expect(all.filter((one) => one.marked).map(({ name }) => name)).toEqual([]);
    expect(all.length).toBeGreaterThanOrEqual(100);
    expect(share).toBeGreaterThanOrEqual(95);
  });

  test("what was merged is sound", async () => {
    const errors = await Promise.all(
      all.map(async ({ name, path, text }) => {
        const found = await checkFiles({ tree: memoryTree({ [path]: text }), only: [path], today: "2026-11-22" });
        return found
          .filter(({ severity, suppressed }) => severity === "error" && !suppressed)
          .map(({ rule, message }) => `${name}: ${rule} ${message}`);
      }),
    );
    expect(errors.flat()).toEqual([]);
  });
});
