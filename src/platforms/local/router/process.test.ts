import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createRouterClient, spawnRouter } from "./client.ts";
import { closedPort, route, serve, target, temporaryFolder, until } from "./testing.ts";

/** Files of a router process, and a way to start it that ends it with the test. */
async function place() {
  const folder = await temporaryFolder();
  const files = {
    stateFile: join(folder, "router.json"),
    socket: join(folder, "router.sock"),
    logFile: join(folder, "router.log"),
  };
  const client = createRouterClient({ socket: files.socket });
  const start = async () => {
    const { pid, adopted } = await spawnRouter(files);
    onTestFinished(() => end(pid, "SIGKILL"));
    return { pid, adopted };
  };
  return { ...files, client, start };
}

function end(pid: number, signal: NodeJS.Signals): void {
  if (isAlive(pid)) process.kill(pid, signal);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("starts, serves, is adopted by a second start, stops gracefully; socket and files are private", async () => {
  const { port } = await serve((_, response) => response.end("hello"));
  const { client, start, socket, stateFile, logFile } = await place();
  const { pid, adopted } = await start();
  expect(adopted).toBe(false);
  expect(await start()).toEqual({ pid, adopted: true });
  const seen = await client.putRoute("web", route([target(port)]));
  expect(await (await fetch(`http://127.0.0.1:${seen.listen.port}`)).text()).toBe("hello");
  expect((await client.state()).routes.web?.figures[0]).toMatchObject({ requests: 1, inflight: 0 });
  for (const file of [socket, stateFile, logFile]) expect((await stat(file)).mode & 0o077, file).toBe(0);
  expect(await client.stop()).toBe(pid);
  await until("it has ended", () => !isAlive(pid));
  await expect(client.state()).rejects.toMatchObject({ code: "SM-ROUTER-DOWN", retryable: true });
});

test("killed with -9 and started again: same port, same routes, the stale socket is replaced", async () => {
  const { port } = await serve((_, response) => response.end("hello"));
  const { client, start } = await place();
  const { pid } = await start();
  const wanted = route([target(port)], { share: 30, until: Date.now() + 600_000 });
  const { listen } = await client.putRoute("web", wanted);
  process.kill(pid, "SIGKILL");
  await until("it is gone", () => !isAlive(pid));
  expect((await start()).pid).not.toBe(pid);
  expect((await client.state()).routes.web).toMatchObject({ ...wanted, listen, listening: true });
  expect(await (await fetch(`http://127.0.0.1:${listen.port}`)).text()).toBe("hello");
});

test("a corrupt state stops the start with one line and exit code 2; nothing is overwritten", async () => {
  const { start, stateFile, logFile } = await place();
  await writeFile(stateFile, '{"version":1,"routes":');
  await expect(start()).rejects.toMatchObject({ code: "SM-ROUTER-STATE", next: expect.stringContaining("aside") });
  expect(await readFile(logFile, "utf8")).toMatch(/^error SM-ROUTER-STATE: [^\n]+; [^\n]+\n$/);
  expect(await readFile(stateFile, "utf8")).toBe('{"version":1,"routes":');
  await writeFile(stateFile, JSON.stringify({ version: 2, routes: {} }));
  await expect(start()).rejects.toMatchObject({ code: "SM-ROUTER-STATE" });
});

test("signals of a terminal do not end it; SIGTERM lets an answer finish", async () => {
  const finish: (() => void)[] = [];
  const { port } = await serve((_, response) => void finish.push(() => response.end("finished")));
  const { client, start } = await place();
  const { pid } = await start();
  const { listen } = await client.putRoute("web", route([target(port)]));
  for (const signal of ["SIGINT", "SIGHUP", "SIGPIPE"] as const) process.kill(pid, signal);
  await new Promise((done) => setTimeout(done, 200));
  expect((await client.state()).pid).toBe(pid);

  const running = fetch(`http://127.0.0.1:${listen.port}`).then((response) => response.text());
  await until("it runs", () => finish.length === 1);
  process.kill(pid, "SIGTERM");
  await until(
    "it takes no more",
    async () =>
      await client.state().then(
        () => false,
        () => true,
      ),
  );
  expect(isAlive(pid)).toBe(true);
  finish[0]?.();
  expect(await running).toBe("finished");
  await until("it has ended", () => !isAlive(pid));
});

test("errors of calls have codes: invalid, unknown, taken port, no such call, too long a path, a deadline", async () => {
  const { port } = await serve(() => undefined);
  const { client, start, socket } = await place();
  await start();
  await expect(client.putRoute("web", { ...route([]), share: 101 })).rejects.toMatchObject({
    code: "SM-ROUTER-INVALID",
    status: 400,
  });
  await expect(client.putRoute("../web", route([]))).rejects.toMatchObject({ code: "SM-ROUTER-INVALID" });
  await expect(client.putRoute("web", route([], { listen: { port } }))).rejects.toMatchObject({
    code: "SM-ROUTER-PORT",
    status: 409,
  });
  await expect(client.deleteRoute("web")).rejects.toMatchObject({ code: "SM-ROUTER-UNKNOWN", status: 404 });
  await expect(client.cut("web", "x")).rejects.toMatchObject({ code: "SM-ROUTER-UNKNOWN" });
  const status = await new Promise((done) =>
    httpRequest({ socketPath: socket, path: "/nothing" }, (response) => done(response.resume().statusCode)).end(),
  );
  expect(status).toBe(404);
  expect(() => createRouterClient({ socket: `/${"x".repeat(107)}` })).toThrow(/unix sockets allow/);

  const silent = await import("node:net").then(({ createServer }) => createServer().listen(`${socket}.silent`));
  onTestFinished(() => void silent.close());
  await until("it listens", () => silent.listening);
  await expect(createRouterClient({ socket: `${socket}.silent` }).state({ deadlineMs: 200 })).rejects.toMatchObject({
    code: "SM-ROUTER-TIMEOUT",
  });
  const gone = AbortSignal.abort(new Error("enough"));
  await expect(client.state({ signal: gone })).rejects.toThrow("enough");
});

test("a disk that cannot be written changes nothing and is told", async () => {
  const { client, start, stateFile } = await place();
  await start();
  // A folder in the place of the file cannot be renamed over, whoever asks.
  await mkdir(stateFile);
  await expect(client.putRoute("web", route([target(await closedPort())]))).rejects.toMatchObject({
    code: "SM-ROUTER-SAVE",
    status: 500,
  });
  expect((await client.state()).routes).toEqual({});
});
