import { expect, test } from "vitest";
import type { RouteView } from "../../platforms/traffic.ts";
import { hasLapsed, isServing, shareIn } from "./traffic.ts";

const member = (id: string) => ({ id, port: 1, release: "r1", weight: 100, drain: false });

function view(change: Partial<RouteView>): RouteView {
  const place = { url: "http://127.0.0.1:1", listensAt: "http://127.0.0.1:1" };
  const sides = { stable: [member("old")], candidate: [member("new")] };
  return { ...place, ...sides, share: 0, until: null, hold: null, figures: {}, ...change };
}

const untouched = view({ candidate: [] });
const verified = view({});
const granted = view({ share: 10, until: 5 });
const ended = view({ share: 0, until: 5 });
const first = view({ stable: [], share: 100 });

test("a grant is seen to have ended by its share, and only where there was one", () => {
  expect([untouched, verified, granted, ended, first].map(hasLapsed)).toEqual([false, false, false, true, false]);
});

test("a candidate serves while its share is in force", () => {
  expect(isServing(undefined, "new")).toBe(false);
  expect([verified, granted, ended, first].map((seen) => isServing(seen, "new"))).toEqual([false, true, false, true]);
  expect([granted, ended].map((seen) => isServing(seen, "old"))).toEqual([true, true]);
});

test.each([
  { what: "nothing", views: [], share: 0 },
  { what: "no candidate", views: [untouched, verified], share: 0 },
  { what: "the largest", views: [granted, view({ share: 33 }), untouched], share: 33 },
  { what: "a service that is new, beside one whose grant has ended", views: [first, ended], share: 0 },
  { what: "a share without a candidate", views: [view({ candidate: [], share: 100 })], share: 0 },
])("the share of a rollout: $what", ({ views, share }) => {
  expect(shareIn(views)).toBe(share);
});
