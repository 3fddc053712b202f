import { describe, expect, test } from "vitest";
import { isInside, nextChange, parseWindow, type Window } from "./window.ts";

const WEEKEND = "Fri 16:00 - Mon 08:00 Europe/Paris";

function window(text: string): Window {
  const found = parseWindow(text);
  if (!found) throw new Error(`${text} is no window`);
  return found;
}
const inside = (text: string, at: string) => isInside(window(text), Date.parse(at));
const change = (text: string, at: string, to: boolean) => {
  const found = nextChange(window(text), Date.parse(at), to);
  return found === undefined ? undefined : new Date(found).toISOString();
};

describe("what is a window", () => {
  test.each([
    [WEEKEND, { from: 4 * 1440 + 960, to: 480, daily: false, zone: "Europe/Paris" }],
    ["22:00 - 06:00", { from: 1320, to: 360, daily: true, zone: "UTC" }],
    ["00:00 - 24:00 Asia/Kolkata", { from: 0, to: 1440, daily: true, zone: "Asia/Kolkata" }],
    ["Mon 00:00 - Sun 24:00", { from: 0, to: 10_080, daily: false, zone: "UTC" }],
  ])("%s", (text, expected) => {
    expect(parseWindow(text)).toEqual(expected);
  });

  test.each([
    "",
    "Fri 16:00",
    "Fri 16:00 - 08:00",
    "16:00 - Mon 08:00",
    "Fry 16:00 - Mon 08:00",
    "16:60 - 17:00",
    "24:01 - 25:00",
    "16:00 - 16:00",
    "16:00 - 17:00 Mars/Olympus",
    "4pm - 5pm",
  ])("not %j", (text) => {
    expect(parseWindow(text)).toBeUndefined();
  });
});

describe("inside", () => {
  test.each([
    ["before it begins", WEEKEND, "2026-11-20T14:59:59Z", false],
    ["the first minute", WEEKEND, "2026-11-20T15:00:00Z", true],
    ["on Sunday, past the end of the week", WEEKEND, "2026-11-22T23:30:00Z", true],
    ["the last minute", WEEKEND, "2026-11-23T06:59:59Z", true],
    ["the end itself", WEEKEND, "2026-11-23T07:00:00Z", false],
    ["in summer an hour earlier", WEEKEND, "2026-07-17T14:00:00Z", true],
    ["every day past midnight", "22:00 - 06:00", "2026-11-18T02:00:00Z", true],
    ["every day at noon", "22:00 - 06:00", "2026-11-18T12:00:00Z", false],
    ["half an hour zone", "09:00 - 10:00 Asia/Kolkata", "2026-11-18T03:30:00Z", true],
    ["half an hour zone, just before", "09:00 - 10:00 Asia/Kolkata", "2026-11-18T03:29:59Z", false],
    ["the day of the zone, not of UTC", "Mon 00:00 - Mon 06:00 Pacific/Auckland", "2026-11-22T11:00:00Z", true],
    ["the whole day", "00:00 - 24:00", "2026-11-18T23:59:59Z", true],
  ])("%s", (_, text, at, expected) => {
    expect(inside(text, at)).toBe(expected);
  });
});

describe("the clock changes", () => {
  const NIGHT = "02:15 - 02:45 Europe/Paris";

  test("a window of an hour that does not exist that night is not entered", () => {
    expect(change(NIGHT, "2026-03-29T00:00:00Z", true)).toBe("2026-03-30T00:15:00.000Z");
  });

  test("one of an hour that comes twice is entered twice", () => {
    expect(change(NIGHT, "2026-10-24T23:00:00Z", true)).toBe("2026-10-25T00:15:00.000Z");
    expect(change(NIGHT, "2026-10-25T00:15:00Z", false)).toBe("2026-10-25T00:45:00.000Z");
    expect(change(NIGHT, "2026-10-25T00:45:00Z", true)).toBe("2026-10-25T01:15:00.000Z");
  });

  test("the weekend ends at eight on the clock of the zone, before and after", () => {
    expect(change(WEEKEND, "2026-03-28T12:00:00Z", false)).toBe("2026-03-30T06:00:00.000Z");
    expect(change(WEEKEND, "2026-10-24T12:00:00Z", false)).toBe("2026-10-26T07:00:00.000Z");
  });
});

describe("the next change", () => {
  test.each([
    ["opens", WEEKEND, "2026-11-21T10:00:00Z", false, "2026-11-23T07:00:00.000Z"],
    ["closes", WEEKEND, "2026-11-18T10:00:30Z", true, "2026-11-20T15:00:00.000Z"],
    ["is after the moment, not at it", WEEKEND, "2026-11-23T07:00:00Z", true, "2026-11-27T15:00:00.000Z"],
    ["what lasts for ever does not end", "Mon 00:00 - Sun 24:00", "2026-11-18T10:00:00Z", false, undefined],
  ])("%s", (_, text, at, to, expected) => {
    expect(change(text, at, to)).toBe(expected);
  });
});
