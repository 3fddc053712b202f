import { expect, test } from "vitest";
import type { RouteView } from "../platforms/traffic.ts";
import { routeDrift } from "./drift.ts";

const member = (id: string, drain = false) => ({ id, port: 1, release: "r1", weight: 100, drain });
const view = (change: Partial<RouteView>): RouteView => ({
  ...{ stable: [member("a"), member("b")], candidate: [], share: 0, until: null, hold: null },
  ...{ url: "http://x", listensAt: "http://x", figures: {} },
  ...change,
});
const units = [{ id: "a" }, { id: "b" }];

test.each<[string, RouteView | undefined, string | undefined]>([
  ["as it was made", view({}), undefined],
  ["no route", undefined, "route to 0 of 2"],
  ["one is missing", view({ stable: [member("a")] }), "route to 1 of 2"],
  ["somebody else's beside them", view({ stable: [member("a"), member("b"), member("x")] }), "route to 1 unknown"],
  ["somebody else's candidate with a share", view({ candidate: [member("x")], share: 10 }), "route to 1 unknown"],
  ["a candidate without one", view({ candidate: [member("x")] }), undefined],
])("%s", (_, seen, drift) => expect(routeDrift(seen, units)).toBe(drift));
