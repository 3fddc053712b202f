import { createRoute } from "@hono/zod-openapi";
import { DoctorReport, failures, json } from "../schemas.ts";
import type { App, RouteContext } from "./route.ts";

const doctor = createRoute({
  method: "get",
  path: "/api/doctor",
  tags: ["status"],
  summary: "What works on this machine and what is missing",
  responses: { 200: json(DoctorReport, "The report"), ...failures },
});

export function doctorRoutes(app: App, { usecases }: RouteContext): void {
  app.openapi(doctor, async (c) => c.json(await usecases.doctor(), 200));
}
