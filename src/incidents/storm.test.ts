import fc from "fast-check";
import { expect, test } from "vitest";
import { type Opening, stormOf } from "./storm.ts";

const SECOND = 1_000;

function opening(subject: string, at: number, change: Partial<Opening> = {}): Opening {
  return {
    id: `inc-${subject}`,
    subject,
    names: [subject],
    needs: [],
    traits: [],
    openedAt: at,
    head: null,
    ...change,
  };
}

const REFUSED = { traits: ["class refused"] };
const ON_H1 = { traits: ["host h1", "class refused"] };

test.each<[string, Opening, Opening[], ReturnType<typeof stormOf>]>([
  ["alone", opening("a", 0), [], null],
  ["with one of the same class", opening("b", SECOND, REFUSED), [opening("a", 0, REFUSED)], null],
  [
    "with two of the same class",
    opening("c", 2 * SECOND, REFUSED),
    [opening("a", 0, REFUSED), opening("b", SECOND, REFUSED)],
    { head: "inc-a", fold: ["inc-b", "inc-c"], cause: "class refused" },
  ],
  [
    "with two of the same host before the class",
    opening("c", 2 * SECOND, ON_H1),
    [opening("a", 0, ON_H1), opening("b", SECOND, ON_H1)],
    { head: "inc-a", fold: ["inc-b", "inc-c"], cause: "host h1" },
  ],
  [
    "with two of which one is too old",
    opening("c", 70 * SECOND, REFUSED),
    [opening("a", 9 * SECOND, REFUSED), opening("b", 20 * SECOND, REFUSED)],
    null,
  ],
  [
    "with two incidents of one service",
    opening("b", SECOND, REFUSED),
    [opening("a", 0, REFUSED), opening("a", 0, { ...REFUSED, id: "inc-a2" })],
    null,
  ],
  [
    "after the parent",
    opening("a", SECOND, { needs: ["cache", "db"] }),
    [opening("db", 0)],
    { head: "inc-db", fold: ["inc-a"], cause: "db fails" },
  ],
  [
    "after two parents: the nearest stands for it",
    opening("a", SECOND, { needs: ["api", "db"] }),
    [opening("db", 0), opening("api", 0)],
    { head: "inc-api", fold: ["inc-a"], cause: "api fails" },
  ],
  [
    "after a parent that is folded itself",
    opening("a", SECOND, { needs: ["api"] }),
    [opening("db", 0), opening("api", 0, { head: "inc-db" })],
    { head: "inc-db", fold: ["inc-a"], cause: "api fails" },
  ],
  [
    "as the parent, after its children",
    opening("db", 2 * SECOND),
    [opening("a", 0, { needs: ["db"] }), opening("b", SECOND, { needs: ["x", "db"] }), opening("c", SECOND)],
    { head: "inc-db", fold: ["inc-a", "inc-b"], cause: "db fails" },
  ],
  [
    "with a storm that is under way",
    opening("d", 3 * SECOND, REFUSED),
    [
      opening("a", 0, REFUSED),
      opening("b", 0, { ...REFUSED, head: "inc-a" }),
      opening("c", 0, { ...REFUSED, head: "inc-a" }),
    ],
    { head: "inc-a", fold: ["inc-d"], cause: "class refused" },
  ],
])("an incident that opens %s", (_, one, others, expected) => {
  expect(stormOf(one, others)).toEqual(expected);
});

test("30 children in any order around their parent end up under it or under one of them, each in one storm", () => {
  const order = fc.shuffledSubarray([...Array(31).keys()], { minLength: 31 });
  fc.assert(
    fc.property(order, (indices) => {
      const opened: Opening[] = [];
      for (const [place, index] of indices.entries()) {
        const at = place * SECOND;
        const one =
          index === 0 ? opening("db", at) : opening(`s${index}`, at, { needs: ["db"], traits: ["class refused"] });
        const storm = stormOf(one, opened);
        opened.push(one);
        for (const id of storm?.fold ?? []) {
          const folded = opened.find((other) => other.id === id);
          if (folded) folded.head = storm?.head ?? null;
        }
      }
      const heads = opened.filter(({ head }) => head === null);
      // Before the parent opened two children stand alone at most; they and their storm go under it.
      expect(heads.map(({ id }) => id)).toEqual(["inc-db"]);
      expect(opened.filter(({ id, head }) => head === id)).toEqual([]);
    }),
  );
});
