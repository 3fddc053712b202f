import { spawnSync } from "node:child_process";
import { createServer as createHttps } from "node:https";
import { expect, test } from "vitest";
import { systemClock } from "../../core/clock.ts";
import { runProbe } from "./run.ts";
import { get, http, listen, processes, redact, spec } from "./testing.ts";

const openssl = spawnSync("openssl", ["version"]).status === 0;
test.skipIf(!openssl)("a certificate nobody vouches for (skipped without openssl)", async () => {
  const subject = [
    "-subj",
    "/CN=localhost",
    "-days",
    "1",
    "-nodes",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
  ];
  const pem = spawnSync("openssl", ["req", "-x509", ...subject, "-keyout", "-", "-out", "-"]).stdout.toString();
  const asked: string[] = [];
  const SNICallback = (name: string, done: (error: null) => void) => {
    asked.push(name);
    done(null);
  };
  const server = createHttps({ key: pem, cert: pem, SNICallback }, (_, response) => response.end());
  const port = await listen(server);
  expect(await get(`https://127.0.0.1:${port}/`)).toMatchObject({ family: "tls", class: "tls-invalid" });
  // An address with the name of somebody: that is who the certificate has to be of.
  const named = await get(`https://127.0.0.1:${port}/`, { headers: { host: "shop.example.com" } });
  expect(named).toMatchObject({ family: "tls", class: "tls-invalid" });
  expect(asked).toEqual(["shop.example.com"]);
});

test("an address on the loopback of a host is asked through it; that there is no way says nothing of the service", async () => {
  const url = await http((request, response) => response.end(request.headers.host));
  const { port } = new URL(url);
  const there = spec("http", { url: "http://127.0.0.1:30123/", headers: { host: "shop.example.com" } });
  const through = { ...there, options: { ...there.options, through: "h2" } };
  const ways: unknown[] = [];
  const reach = async (...way: [string, number, AbortSignal]) => {
    ways.push(way.slice(0, 2));
    return Number(port);
  };
  const found = await runProbe(through, { clock: systemClock, redact, processes, reach });
  expect(found).toMatchObject({ outcome: "ok", body: "shop.example.com" });
  expect(ways).toEqual([["h2", 30_123]]);
  const lost = () => Promise.reject(new Error("cut off"));
  expect(await runProbe(through, { clock: systemClock, redact, processes, reach: lost })).toMatchObject({
    ...{ outcome: "unknown", class: "prober" },
    detail: expect.stringContaining("no way to h2: "),
  });
});
