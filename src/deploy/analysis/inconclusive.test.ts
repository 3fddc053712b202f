import { expect, test } from "vitest";
import { explain, inShort } from "./inconclusive.ts";
import type { Counted } from "./verdict.ts";

const counted = { requests: 0, least: 160, own: 0, lost: false, came: { candidate: 0, baseline: 0 } };

test.each([
  { what: {}, why: "no request was seen at either release", todo: "name paths in judge.requests" },
  {
    what: { least: Number.POSITIVE_INFINITY, came: { candidate: 0, baseline: 120 } },
    why: "no request reached the new release, 120 the old one",
    todo: "set key: random in the strategy",
  },
  {
    what: { least: Number.POSITIVE_INFINITY, came: { candidate: 120, baseline: 0 } },
    why: "no request reached the old release beside the new one, which had 120",
    todo: "set key: random in the strategy",
  },
  {
    what: { requests: 41, came: { candidate: 41, baseline: 40 } },
    why: "41 of the 160 requests it takes to tell",
    todo: "name paths in judge.requests",
  },
  {
    what: { requests: 41, own: 40, came: { candidate: 41, baseline: 40 } },
    hasPaths: true,
    why: "41 of the 160 requests it takes to tell (40 of them sent by Stationmaster)",
    todo: "let a step take longer",
  },
  {
    what: { requests: 40, came: { candidate: 40, baseline: 40 } },
    hasPaths: true,
    why: "40 of the 160 requests it takes to tell",
    todo: "that the old release answers without an error",
  },
  {
    what: { requests: 50, least: Number.POSITIVE_INFINITY, came: { candidate: 50, baseline: 50 } },
    why: "50 requests, and the old release fails too often to tell",
    todo: "mend the old release first",
  },
  {
    what: { requests: 500, lost: true, came: { candidate: 500, baseline: 500 } },
    why: "the proxy ceased to tell how long requests take",
    todo: "look whether it runs",
  },
])("$why", ({ what, hasPaths = false, why, todo }) => {
  const said = explain("app", { ...counted, ...what }, hasPaths);
  expect(said).toEqual({ why: `app: ${why}`, todo: expect.stringContaining(todo) });
});

test.each<{ what: Partial<Counted>; why: string }>([
  { what: { requests: 0, came: { candidate: 0, baseline: 9 } }, why: "no request came" },
  { what: { requests: 9, came: { candidate: 9, baseline: 0 } }, why: "no requests to an old release to compare with" },
  {
    what: { least: Number.POSITIVE_INFINITY, came: { candidate: 9, baseline: 9 } },
    why: "the old release fails too often to tell",
  },
  { what: { requests: 40, came: { candidate: 40, baseline: 9 } }, why: "40 of the 160 requests it takes to tell" },
  { what: { lost: true }, why: "the proxy ceased to tell how long requests take" },
])("in short: $why", ({ what, why }) => {
  expect(inShort({ ...counted, ...what })).toBe(why);
});
