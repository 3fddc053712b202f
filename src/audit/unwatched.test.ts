import { expect, test } from "vitest";
import { unwatchedOf } from "./unwatched.ts";

test("services of any kind without a check are named, and http services of which nothing asks for a page", () => {
  const http = { kind: "http" as const };
  const worker = { kind: "worker" as const };
  const services = { page: http, flow: http, port: http, none: http, job: worker, lost: worker };
  const checks = [
    { id: "local/page/health", service: "page", type: "http" as const },
    { id: "local/check/port", service: "flow", type: "steps" as const },
    { id: "local/port/port@h1", service: "port", type: "http" as const },
    { id: "local/port/process@h1", service: "port", type: "process" as const },
    { id: "local/job/process", service: "job", type: "process" as const },
    { id: "local/check/outside", service: null, type: "http" as const },
  ];
  expect(unwatchedOf(services, checks)).toEqual({ services: ["none", "lost"], routes: ["port", "none"] });
});
