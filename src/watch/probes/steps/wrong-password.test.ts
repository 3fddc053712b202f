import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { beforeEach, expect, test } from "vitest";
import { Step } from "../../../config/checks.ts";
import { systemClock } from "../../../core/clock.ts";
import type { Refusals } from "../probe.ts";
import { runProbe } from "../run.ts";
import { listen, processes, redact, spec } from "../testing.ts";

let passwords: string[];
let mode: "strict" | "open" | "polite" | "locked";
let base: string;

beforeEach(async () => {
  passwords = [];
  mode = "strict";
  const port = await listen(
    createServer(async (request, response) => {
      const answer = (status: number, value: unknown) => response.writeHead(status).end(JSON.stringify(value));
      if (request.url !== "/login") return void answer(200, {});
      const { password } = (await json(request)) as { password: string };
      passwords.push(password);
      if (password === "right" || mode === "open") return void answer(200, { token: "tok-1" });
      if (mode === "polite") return void answer(200, { error: "wrong" });
      answer(mode === "locked" ? 429 : 401, {});
    }),
  );
  base = `http://127.0.0.1:${port}`;
});

function login(
  refusals: Refusals | undefined,
  { save = true, ...more }: { save?: boolean; wrong_password?: boolean } = {},
) {
  const steps = [
    { get: `${base}/` },
    {
      post: `${base}/login`,
      json: { email: "canary", password: "right" },
      ...(save ? { save: { token: "$.token" } } : {}),
    },
  ].map((step) => Step.parse(step));
  const check = spec("steps", {});
  const options = { ...check.options, steps, ...more };
  return runProbe({ ...check, options }, { clock: systemClock, redact, processes, refusals });
}

test("a wrong password is tried once an hour, after the right one", async () => {
  const refusals: Refusals = new Map();
  expect(await login(refusals)).toMatchObject({ outcome: "ok" });
  expect(passwords).toEqual(["right", expect.stringMatching(/^wrong-/)]);
  expect(await login(refusals)).toMatchObject({ outcome: "ok" });
  expect(passwords).toHaveLength(3);
  const [[id = "", at = 0] = []] = [...refusals];
  refusals.set(id, at - 3_600_001);
  await login(refusals);
  expect(passwords).toHaveLength(5);
  expect(new Set(passwords).size).toBe(3);
});

test("a sign-in that accepts every password is down, and is asked again until it refuses", async () => {
  const refusals: Refusals = new Map();
  mode = "open";
  for (let count = 0; count < 2; count++)
    expect(await login(refusals)).toMatchObject({
      ...{ outcome: "fail", class: "auth-step:2", family: "auth" },
      detail: "step 2 (POST /login): a wrong password was accepted too",
    });
  mode = "strict";
  expect(await login(refusals)).toMatchObject({ outcome: "ok" });
  expect(passwords).toHaveLength(6);
});

test("an answer that lacks what the step saves is a refusal; so is one that wants us to wait", async () => {
  mode = "polite";
  expect(await login(new Map())).toMatchObject({ outcome: "ok" });
  expect(await login(new Map(), { save: false })).toMatchObject({ class: "auth-step:2" });
  mode = "locked";
  const refusals: Refusals = new Map();
  expect(await login(refusals)).toMatchObject({ outcome: "ok" });
  expect(refusals.size).toBe(1);
});

test("the manifest can switch it off; who runs a check once asks each time", async () => {
  mode = "open";
  expect(await login(new Map(), { wrong_password: false })).toMatchObject({ outcome: "ok" });
  expect(await login(undefined)).toMatchObject({ class: "auth-step:2" });
});
