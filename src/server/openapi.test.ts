import { expect, test } from "vitest";
import { z } from "zod";
import { startServer } from "./index.ts";
import { createFakeHouse } from "./testing.ts";

const ROUTES = `get /api/status
get /api/checks
get /api/checks/{id}
post /api/checks/{id}/run
get /api/checks/{id}/results
get /api/checks/{id}/series
get /api/incidents
get /api/incidents/{id}
post /api/incidents/{id}/acknowledge
post /api/incidents/{id}/approve
post /api/incidents
post /api/incidents/{id}/severity
post /api/incidents/{id}/freeze
post /api/incidents/{id}/close
get /api/slo
get /api/silences
post /api/silences
post /api/silences/preview
delete /api/silences/{id}
get /api/incidents/{id}/plan
post /api/incidents/{id}/decline
post /api/incidents/{id}/heal
get /api/healing
get /api/reports
get /api/reports/audit
get /api/reports/daily
get /api/reports/healing
get /api/reports/incident/{id}
get /api/reports/postmortem/{id}
get /api/action-items
post /api/action-items/{id}/done
post /api/incidents/{id}/action-items
post /api/checks/{id}/drill
get /api/rollouts
get /api/rollouts/{id}
get /api/rollouts/{id}/traffic
post /api/rollouts/{id}/promote
post /api/rollouts/{id}/abort
post /api/plan
post /api/plan/rollback
post /api/deploy
get /api/deploy/queue
post /api/deploy/queue
post /api/deploy/unqueue
get /api/migrations
post /api/migrations
post /api/plan/contract
post /api/contract
get /api/approvals
post /api/approvals
post /api/lock
post /api/unlock
get /api/freezes
post /api/freezes
post /api/freezes/{id}/lift
get /api/previews
post /api/previews
post /api/previews/{name}/close
post /api/previews/{name}/wake
post /api/previews/{name}/remove
post /hooks/github
post /hooks/git/{environment}
post /api/rollback
get /api/releases
get /api/services/{name}/logs
post /api/services/{name}/restart
get /api/audit
get /api/audit/verify
get /api/doctor
get /api/repository
get /api/events
get /api/workers
get /api/checks/{id}/heartbeat
post /api/checks/{id}/heartbeat/token
get /api/devops/{what}
post /api/devops/cleanup/{what}
get /hb/{token}
post /hb/{token}
get /hb/{token}/{what}
post /hb/{token}/{what}
get /metrics
get /status
get /status.json
get /status.atom
post /api/incidents/{id}/publish
post /hooks/alertmanager
post /hooks/pager/{channel}
get /api/notifications
get /api/notifications/channels
post /api/notifications/test
get /healthz`;

const Media = z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) }));
const Parameter = z.object({
  name: z.string(),
  in: z.enum(["query", "path"]),
  required: z.boolean(),
  schema: z.record(z.string(), z.unknown()),
});
const Operation = z.object({
  summary: z.string().min(1),
  tags: z.array(z.string()).min(1),
  parameters: z.array(Parameter).default([]),
  requestBody: z.object({ content: Media }).optional(),
  responses: z.record(z.string().regex(/^\d{3}$/), z.object({ description: z.string().min(1), content: Media })),
});
const Document = z.object({
  openapi: z.literal("3.1.0"),
  info: z.object({ title: z.string(), version: z.literal("9.8.7") }),
  components: z.object({
    schemas: z.record(z.string(), z.record(z.string(), z.unknown())),
    securitySchemes: z.object({ token: z.object({ type: z.literal("http"), scheme: z.literal("bearer") }) }),
  }),
  paths: z.record(z.string().startsWith("/"), z.partialRecord(z.enum(["get", "post", "delete"]), Operation)),
});

async function fetchDocument() {
  const server = await startServer({ usecases: createFakeHouse().usecases, port: 0, version: "9.8.7" });
  const document: unknown = await (await fetch(`${server.url}/openapi.json`)).json();
  await server.close();
  return { document, parsed: Document.parse(document) };
}

/** Every object inside, itself first. */
function* objectsIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return;
  yield value as Record<string, unknown>;
  for (const inner of Object.values(value)) yield* objectsIn(inner);
}

test("every route is described, with its parameters and errors", async () => {
  const { parsed } = await fetchDocument();
  const described = Object.entries(parsed.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, route: `${method} ${path}`, operation })),
  );
  expect(described.map(({ route }) => route).sort()).toEqual(ROUTES.split("\n").sort());
  for (const { path, operation } of described) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const given = operation?.parameters.filter((parameter) => parameter.in === "path" && parameter.required);
    expect(given?.map(({ name }) => name)).toEqual(named);
    if (path === "/healthz") continue;
    for (const status of ["400", "401", "404", "409", "500", "502"])
      expect(operation?.responses[status]?.content["application/json"]?.schema).toEqual({
        $ref: "#/components/schemas/ApiError",
      });
  }
});

test("references lead somewhere, types are JSON Schema types, defaults fit their type", async () => {
  const { document, parsed } = await fetchDocument();
  const types = ["string", "number", "integer", "boolean", "object", "array", "null"];
  for (const node of objectsIn(document)) {
    if (typeof node.$ref === "string")
      expect(parsed.components.schemas).toHaveProperty([node.$ref.split("/").at(-1) ?? ""]);
    if ("nullable" in node && typeof node.nullable === "boolean") expect.fail("nullable is OpenAPI 3.0");
    if (typeof node.type === "string" && !("scheme" in node)) expect(types).toContain(node.type);
    if ("default" in node && typeof node.type === "string")
      expect(node.type.replace("integer", "number")).toBe(typeof node.default);
    if (Array.isArray(node.required))
      expect(Object.keys(node.properties ?? {})).toEqual(expect.arrayContaining(node.required));
  }
});
