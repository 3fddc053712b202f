import { expect, test } from "vitest";
import type { RouteView } from "../platforms/traffic.ts";
import { toTrafficView } from "./traffic-view.ts";

const member = (id: string, release: string) => ({ id, release, address: { host: "127.0.0.1", port: 1 }, weight: 1 });
const figures = (requests: number, errors: number) => ({ requests, errors, inflight: 1, latencies: [] });
const host = (name: string, share: number, stable: string[], candidate: string[]) => ({
  ...{ host: name, listensAt: "http://10.0.0.1", share, stable, candidate },
});

const VIEW = {
  stable: [member("a", "r1"), member("b", "r1")],
  candidate: [member("c", "r2")],
  share: 25,
  figures: { a: figures(70, 1), b: figures(5, 0), c: figures(25, 2) },
  hosts: [host("h1", 25, ["a"], ["c"]), host("h2", 0, [], ["d"])],
} as unknown as RouteView;

test("a route on several hosts says what each of them has", () => {
  expect(toTrafficView("web", VIEW, { isSpread: true })).toEqual({
    service: "web",
    stableRelease: "r1",
    candidateRelease: "r2",
    candidateShare: 25,
    stable: { requests: 75, errors: 1, inflight: 2 },
    candidate: { requests: 25, errors: 2, inflight: 1 },
    hosts: [
      { host: "h1", share: 25, stable: 1, candidate: 1 },
      { host: "h2", share: 100, stable: 0, candidate: 1 },
    ],
  });
});

test("one place says nothing of hosts, and a candidate alone has all requests", () => {
  const view = toTrafficView("web", { ...VIEW, stable: [] }, { isSpread: false });
  expect(view).toMatchObject({ candidateShare: 100, stableRelease: null });
  expect(view).not.toHaveProperty("hosts");
});
