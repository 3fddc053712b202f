import { expect, test } from "vitest";
import { isDue } from "./notes.ts";

/** Seconds at which a note is written, looked at every half second. */
function notedIn(seconds: number): number[] {
  const noted: number[] = [];
  for (let now = 0; now <= seconds * 1_000; now += 500) if (isDue(noted, now)) noted.push(now);
  return noted.map((at) => at / 1_000);
}

test("evidence is noted every 5 s, then less and less often: a day has about a hundred notes", () => {
  expect(notedIn(20)).toEqual([0, 5, 10, 15, 20]);
  expect(notedIn(1_080).length).toBeLessThan(60);
  expect(notedIn(86_400).length).toBeLessThan(120);
});
