import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { closedPort, route, routerWith, serve, serveTcp, target, until } from "./testing.ts";

test("a refused connection goes to another target, with its body, and the refusing one is spared", async () => {
  const { port } = await serve((request, response) => void request.pipe(response));
  const dead = await closedPort();
  const { url, router } = await routerWith(route([target(dead, { weight: 256 }), target(port, { weight: 1 })]));
  for (let round = 0; round < 20; round++) {
    const body = `body ${round}`;
    expect(await (await fetch(url, { method: "POST", body })).text()).toBe(body);
  }
  const figures = router.view().routes.web?.figures;
  expect(figures?.find((one) => one.port === port)).toMatchObject({ requests: 20, errors: 0 });
  expect(figures?.find((one) => one.port === dead)).toMatchObject({ requests: 0, inflight: 0 });
  expect(figures?.find((one) => one.port === dead)?.connectFailures).toBeLessThan(20);
});

test("stable refuses: a granted candidate stands in; without a grant it does not", async () => {
  const { port } = await serve((_, response) => response.end("candidate"));
  const dead = await closedPort();
  const targets = [target(dead), target(port, { role: "candidate" })];
  const { url, set } = await routerWith(route(targets, { share: 1 }));
  for (let round = 0; round < 10; round++) expect(await (await fetch(url)).text()).toBe("candidate");
  await set(route(targets, { share: 0 }));
  expect((await fetch(url)).status).toBe(502);
});

test("nobody listens: 502 after about a second, 503 with Retry-After when there is no target", async () => {
  const { url, set } = await routerWith(route([target(await closedPort())]));
  const refused = await fetch(url, { method: "POST", body: "x" });
  expect([refused.status, await refused.text()]).toEqual([502, "no healthy target\n"]);
  for (const targets of [[], [target(1, { drain: true })], [target(1, { weight: 0 })]]) {
    await set(route(targets));
    const response = await fetch(url);
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
  }
});

test("a target that comes up within the second is waited for", async () => {
  const port = await closedPort();
  const { url } = await routerWith(route([target(port)]));
  const waiting = fetch(url, { method: "POST", body: "patience" });
  await new Promise((done) => setTimeout(done, 150));
  const server = createServer((request, response) => void request.pipe(response)).listen(port, "127.0.0.1");
  try {
    expect(await (await waiting).text()).toBe("patience");
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

/** An application that ends kept connections in a nasty moment: when the next request's first bytes are just arriving. */
async function nastyTarget(seen: string[]): Promise<number> {
  const { port } = await serveTcp((socket) => {
    let answered = false;
    let text = "";
    socket.on("data", (chunk) => {
      if (answered) return void socket.resetAndDestroy();
      text += chunk;
      const end = text.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      const body = text.slice(end + 4);
      if (body.length < length) return;
      answered = true;
      seen.push(`${text.slice(0, text.indexOf(" "))} ${body}`);
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    });
  });
  return port;
}

test("no request is lost to a connection that the target closes as we send: reset on the second request", async () => {
  const seen: string[] = [];
  const { url, router } = await routerWith(route([target(await nastyTarget(seen))]));
  for (let round = 0; round < 50; round++) {
    expect((await fetch(url)).status).toBe(200);
    expect(await (await fetch(url, { method: "POST", body: `b${round}` })).text()).toBe(`b${round}`);
    expect((await fetch(url, { method: "DELETE" })).status).toBe(200);
  }
  expect(seen.filter((line) => line.startsWith("POST"))).toEqual(
    Array.from({ length: 50 }, (_, round) => `POST b${round}`),
  );
  expect(seen.filter((line) => line.startsWith("DELETE"))).toHaveLength(50);
  expect(router.view().routes.web).toMatchObject({ unserved: 0 });
});

test("the same with connections closed 0 to 3 ms after each answer, many at a time", async () => {
  const { port } = await serve((request, response) => {
    response.once("finish", () => setTimeout(() => request.socket.destroy(), Math.random() * 3));
    request.pipe(response);
  });
  const { url } = await routerWith(route([target(port)]));
  const worker = async (id: number) => {
    for (let round = 0; round < 100; round++) {
      const body = `${id} ${round}`;
      const response = await (round % 2 === 0 ? fetch(url) : fetch(url, { method: "POST", body }));
      expect(response.status).toBe(200);
      expect(await response.text()).toBe(round % 2 === 0 ? "" : body);
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, id) => worker(id)));
});

test("a POST that the target took and then dropped is not sent twice; a GET is, once", async () => {
  const calls: string[] = [];
  const { port } = await serve((request) => {
    calls.push(request.method ?? "");
    request.socket.destroy();
  });
  const { url } = await routerWith(route([target(port)]));
  expect((await fetch(url, { method: "POST", body: "pay" })).status).toBe(502);
  expect((await fetch(url)).status).toBe(502);
  expect(calls).toEqual(["POST", "GET", "GET"]);
});

test("a GET that a dying target took and dropped is sent again to another one, however much that one weighs", async () => {
  const dying = await serveTcp((socket) => void socket.on("data", () => socket.resetAndDestroy()));
  const { port } = await serve((_, response) => response.end("well"));
  const { url } = await routerWith(route([target(dying.port, { weight: 256 }), target(port, { weight: 1 })]));
  for (let round = 0; round < 20; round++) expect(await (await fetch(url)).text()).toBe("well");
});

test("idle connections to a target end when it drains or leaves", async () => {
  let open = 0;
  const { port, server } = await serve((_, response) => response.end());
  server.on("connection", (socket) => {
    open += 1;
    socket.on("close", () => {
      open -= 1;
    });
  });
  const { url, set } = await routerWith(route([target(port)]));
  for (const next of [route([target(port, { drain: true })]), route([])]) {
    await set(route([target(port)]));
    await Promise.all([1, 2, 3].map(() => fetch(url).then((response) => response.text())));
    expect(open).toBeGreaterThan(0);
    await set(next);
    await until("they are closed", () => open === 0);
  }
});

test("a connection that is never made is given up after 2 s", async () => {
  // A listener that never accepts: once its short queue is full, further connections wait without an answer.
  const program = `require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, function () {
    require("node:fs").writeSync(1, String(this.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30_000);
    process.exit();
  })`;
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const port = Number(String((await once(child.stdout, "data"))[0]));
  for (let count = 0; count < 8; count++) {
    const blocker = connect(port, "127.0.0.1").on("error", () => undefined);
    onTestFinished(() => void blocker.destroy());
  }
  const { port: healthy } = await serve((_, response) => response.end("healthy"));
  const { url, router } = await routerWith(route([target(port), target(healthy, { role: "candidate" })], { share: 1 }));
  expect(await (await fetch(url, { method: "POST", body: "x" })).text()).toBe("healthy");
  expect(router.view().routes.web?.figures[0]).toMatchObject({ connectFailures: 1, inflight: 0 });
});
