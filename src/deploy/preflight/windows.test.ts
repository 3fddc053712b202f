import { expect, test } from "vitest";
import { type Calendar, closures, opensAt } from "./windows.ts";

const at = (text: string) => Date.parse(text);
const iso = (moment: number | null) => moment && new Date(moment).toISOString();
const calendar = (change: Partial<Calendar>): Calendar => ({ freeze: [], windows: [], ordered: [], ...change });
const WEEKEND = "Fri 16:00 - Mon 08:00 Europe/Paris";
const SATURDAY = at("2026-11-21T10:00:00Z");
const MONDAY = "2026-11-23T07:00:00.000Z";
const order = (endsAt: string | null, beginsAt = "2026-11-20T00:00:00Z") => ({
  ...{ id: "fr-1", who: "cli:ada", reason: "the fair" },
  beginsAt: at(beginsAt),
  endsAt: endsAt === null ? null : at(endsAt),
});

test("an empty calendar is always open", () => {
  expect(closures(calendar({}), SATURDAY)).toEqual([]);
  expect(opensAt(calendar({}), SATURDAY)).toBe(SATURDAY);
});

test.each([
  ["a freeze of the manifest", { freeze: [WEEKEND] }, [`frozen: ${WEEKEND}`], MONDAY],
  [
    "outside of the windows",
    { windows: ["Mon 09:00 - Mon 12:00 Europe/Paris", "Tue 09:00 - Tue 12:00"] },
    ["open only Mon 09:00 - Mon 12:00 Europe/Paris, Tue 09:00 - Tue 12:00"],
    "2026-11-23T08:00:00.000Z",
  ],
  [
    "an order with an end",
    { ordered: [order("2026-11-22T00:00:00Z")] },
    ["frozen by cli:ada: the fair (fr-1)"],
    "2026-11-22T00:00:00.000Z",
  ],
  ["an order without one", { ordered: [order(null)] }, ["frozen by cli:ada: the fair (fr-1)"], null],
  [
    "one after the other: the window opens inside of the freeze",
    { freeze: [WEEKEND], windows: ["Sun 10:00 - Mon 12:00"] },
    [`frozen: ${WEEKEND}`, "open only Sun 10:00 - Mon 12:00"],
    MONDAY,
  ],
  [
    "windows that a freeze always covers",
    { freeze: ["08:00 - 18:00"], windows: ["09:00 - 17:00"] },
    ["frozen: 08:00 - 18:00"],
    null,
  ],
])("%s", (_, change, why, opens) => {
  const closed = closures(calendar(change), SATURDAY);
  expect(closed.map((item) => item.why)).toEqual(why);
  expect(iso(opensAt(calendar(change), SATURDAY))).toBe(opens);
});

test("an order counts from its beginning to its end", () => {
  const given = calendar({ ordered: [order("2026-11-21T10:00:00Z", "2026-11-21T09:00:00Z")] });
  const open = (text: string) => closures(given, at(text)).length === 0;
  expect(["08:59:59", "09:00:00", "09:59:59", "10:00:00"].map((time) => open(`2026-11-21T${time}Z`))).toEqual([
    true,
    false,
    false,
    true,
  ]);
});
