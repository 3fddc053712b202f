import { expect, test } from "vitest";
import { route, routerWith, target, until } from "./router/testing.ts";
import { toView } from "./routes.ts";

const GRANT_MS = 2_000;
const sides = [target(1), target(2, { id: "new", role: "candidate" as const })];

test("the share is the one in force: a grant that has ended is none, by the router and by what was saved", async () => {
  const end = Date.now() + GRANT_MS;
  const wanted = route(sides, { share: 10, until: end });
  const { router } = await routerWith(wanted);
  const seen = () => {
    const web = router.view().routes.web;
    if (!web) throw new Error("the route is gone");
    return toView(web);
  };
  if (Date.now() < end - GRANT_MS / 2) expect([seen().share, toView(wanted).share]).toEqual([10, 10]);
  await until("the end of the grant", () => seen().share === 0);
  expect(Date.now()).toBeGreaterThanOrEqual(end);
  expect(seen()).toMatchObject({ until: end, candidate: [{ id: "new" }] });
  expect(toView(wanted).share).toBe(0);
  expect(toView({ ...wanted, until: null }).share).toBe(10);
});
