import { expect, test } from "vitest";
import { cronProblem } from "./recurrence.ts";

test.each([
  ["0 2 * * 0", undefined],
  ["61 2 * * *", '"61" is no minute (0 to 59)'],
  ["0 2 1-50 * *", '"1-50" is no day of the month (1 to 31)'],
  ["0 2 * Foo *", '"Foo" is no month (1 to 12, or JAN to DEC)'],
  ["0 2 * * 9", '"9" is no day of the week (0 to 7, or SUN to SAT)'],
  ["0 2 30 2 *", "it never begins"],
])("what is wrong with the cron line %j is said in words of its reader", (cron, problem) => {
  expect(cronProblem(cron, "UTC")).toBe(problem);
});

test.each(["", "hello", "* * *"])("%j has not the parts of a cron line", (cron) => {
  expect(cronProblem(cron, "UTC")).toMatch(/^a cron line has five parts: minute /);
});
