import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { service } from "../../testing.ts";
import { probeCommand } from "./probe.ts";

const server = createServer((request, response) => {
  response.statusCode = request.headers.host === "shop.test" ? 200 : 400;
  response.end();
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => server.close());

const LISTED = { variable: "ALLOWED_HOSTS", separator: ",", hosts: ["localhost"] };

test.each([
  [LISTED, { ALLOWED_HOSTS: ".shop.test,127.0.0.1" }, 0],
  [LISTED, { ALLOWED_HOSTS: "other.test" }, 1],
  [{ ...LISTED, hosts: [".shop.test"] }, {}, 0],
  [{ variable: null, separator: ",", hosts: ["shop.test"] }, {}, 0],
  [null, {}, 1],
])("a program of Python that answers for some names only: %j with %j", async (answered, variables, code) => {
  const { port } = server.address() as AddressInfo;
  const python = { name: "python", version: null };
  const command = probeCommand(service("shop", { runtime: python, port, health: "/up", answered }));
  const child = spawn("python3", command?.slice(1) ?? [], { env: { PATH: process.env.PATH, ...variables } });
  const [ended] = await once(child, "exit");
  expect(ended).toBe(code);
});
