import { expect, test } from "vitest";
import { healthOf, pkg } from "./testing.ts";

const EXPRESS = pkg("express");

test.each<[string, Record<string, string>, string | undefined, string?]>([
  ["a comment", { ...EXPRESS, "a.js": '// app.get("/health", f)\n/* app.get("/healthz", f) */' }, undefined],
  [
    "a test",
    { ...EXPRESS, "a.test.js": 'app.get("/health", f)', "test/server.js": 'app.get("/health", f)' },
    undefined,
  ],
  [
    "a request to others",
    { ...EXPRESS, "a.js": 'axios.get("/health", { timeout: 1 }, x);\nclient.get("/health");\nfetch("/health");' },
    undefined,
  ],
  [
    "a status of orders",
    { ...EXPRESS, "a.js": 'app.get("/orders/:id/status", f);\napp.get("/matches/live", f);\napp.post("/health", f);' },
    undefined,
  ],
  ["a page of Next", { ...pkg("next"), "app/health/page.tsx": "export default function Page() {}" }, undefined],
  [
    "a route file without the framework",
    { ...EXPRESS, "app/api/health/route.ts": "export async function GET() {}" },
    undefined,
  ],
  [
    "a prefix nobody can know",
    { ...EXPRESS, "a.js": 'const h = require("./h");\napp.use(config.prefix, h);', "h.js": 'r.get("/health", f)' },
    undefined,
  ],
])("%s", (_, files, health, readiness) => {
  expect(healthOf(files)).toEqual({ health, readiness });
});
