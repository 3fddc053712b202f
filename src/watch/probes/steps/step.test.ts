import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { Step } from "../../../config/checks.ts";
import { systemClock } from "../../../core/clock.ts";
import { lookupName } from "../names/lookup.ts";
import { processes } from "../testing.ts";
import { newRun, runStep, type StepContext } from "./step.ts";

/** Stands for an address of the public internet. */
const PUBLIC = "127.0.0.2";
const ended: (() => unknown)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

async function serve(host: string, handle: RequestListener): Promise<string> {
  const server = createServer(handle).listen(0, host);
  ended.push(() => server.close());
  await once(server, "listening");
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

const context = (): StepContext => ({
  ...{ clock: systemClock, redact: (text) => text, processes, lookup: lookupName, id: "test", ip: undefined },
  ...{ signal: AbortSignal.timeout(5_000), timeoutMs: 5_000 },
  isPublic: (address) => address === PUBLIC,
});

async function runAll(steps: readonly object[]) {
  const parsed = steps.map((step) => Step.parse(step));
  const run = newRun(parsed, systemClock.now);
  const answers: Awaited<ReturnType<typeof runStep>>[] = [];
  for (const step of parsed) answers.push(await runStep(step, run, context()));
  return answers.map(({ failure }) => failure);
}

test("an address that a public server has told must be public; one from inside, or a part of a path, may be any", async () => {
  const visits: string[] = [];
  const inside = await serve("127.0.0.1", (request, response) => {
    visits.push(request.url ?? "");
    response.end(JSON.stringify({ next: `${inside}/next`, host: new URL(inside).host }));
  });
  const outside = await serve(PUBLIC, (_, response) =>
    response.end(JSON.stringify({ next: `${inside}/told`, host: new URL(inside).hostname, id: "17", more: outside })),
  );
  const save = { next: "$.next", host: "$.host" };
  const { port } = new URL(inside);
  const [, byAddress, byHost, ofPath, public_] = await runAll([
    { get: `${outside}/`, save: { ...save, id: "$.id", more: "$.more" } },
    { get: "${next}" },
    { get: `http://\${host}:${port}/told` },
    { get: `${inside}/items/\${id}` },
    { get: "${more}/again" },
  ]);
  for (const failure of [byAddress, byHost])
    expect(failure).toMatchObject({ class: "assertion", detail: expect.stringContaining("internal one: 127.0.0.1") });
  expect([ofPath, public_]).toEqual([null, null]);
  expect(visits).toEqual(["/items/17"]);
  expect(await runAll([{ get: `${inside}/`, save }, { get: "${next}" }])).toEqual([null, null]);
});
