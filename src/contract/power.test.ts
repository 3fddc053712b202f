import { expect, test } from "vitest";
import { powerCell, powerSentence, riseName } from "./power.ts";
import { POWER } from "./testing.ts";

const seconds = (ms: number) => `${ms / 1_000} s`;

test("a cell says what is caught, how fast, and with how many errors", () => {
  expect(POWER.rows.map((row) => `${riseName(row)}: ${powerCell(row)}`)).toEqual([
    "0.1→1 %: 83 %, 308 s (7)",
    "0.1→5 %: 44 s (5)",
    "1→2 %: 7 %",
    "1→5 %: 129 s (14)",
    "1→100 %: 3 s (5)",
  ]);
});

test("the table in plain words", () => {
  expect(powerSentence(POWER, seconds)).toBe(
    "With 10 % of 20 requests a second, a rise of errors from 1 % to 5 % is seen in 129 s (median); 1 % to 2 % would be seen in 7 of 100 rollouts.",
  );
});

test("with little traffic nothing is promised", () => {
  const rare = POWER.rows.map((row, index) => ({ ...row, caught: 0.14 + index / 10 }));
  expect(powerSentence({ ...POWER, rps: 0.5, rows: rare }, seconds)).toBe(
    "With 10 % of 0.5 requests a second, no rise of errors is sure to be seen within 600 s; 1 % to 100 % would be seen in 54 of 100 rollouts.",
  );
  expect(powerSentence({ ...POWER, rps: 0, rows: [] }, seconds)).toContain("no requests of");
});
