import { readdir } from "node:fs/promises";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../../../../test/lab/until.ts";
import { appImage } from "../../../../test/labs/docker.ts";
import type { LogLine } from "../../../contract/requests.ts";
import { UserError } from "../../../core/errors.ts";
import { createDocker } from "./client.ts";
import type { UnitLabels } from "./labels.ts";
import { ensureNetwork } from "./networks.ts";
import { type Bench, openBench, skipReason, specOf } from "./testing.ts";
import { createUnits, type StartUnit, type Units } from "./units.ts";

const skipped = skipReason();
const SPEC = "services: {web: {image: app}}";

describe.skipIf(skipped)("containers of an engine", () => {
  let bench: Bench;
  let units: Units;
  let image: string;
  let gateway: string;

  beforeAll(async () => {
    bench = await openBench();
    units = createUnits({ docker: bench.docker, folder: `${bench.folder}/run` });
    image = await appImage(bench.engine, { version: "v1" });
    gateway = await ensureNetwork(bench.docker, "shop-test", { app: "shop", env: "test" });
  }, 120_000);
  afterAll(async () => await bench?.end(), 60_000);

  function unit(id: string, more: Partial<StartUnit> = {}): StartUnit {
    const labels: UnitLabels = {
      ...{ app: "shop", env: "test", service: "web", unit: id, release: "r1" },
      ...{ rollout: "ro-1", generation: 3, role: "candidate" as const },
    };
    const spec = specOf(SPEC);
    return { id, spec, image, port: 8080, environment: {}, labels, network: "shop-test", project: "shop", ...more };
  }

  test("starts, is found again, answers on loopback, and is gone after the stop", async () => {
    const environment = { RELEASE: "v1", ODD: `a b"c'd $X \\n é #` };
    const { port } = await units.start(unit("web-1", { environment }));
    expect(port).toBeGreaterThanOrEqual(20_000);
    const answer = await until("an answer", () => fetch(`http://127.0.0.1:${port}/`));
    expect(answer.headers.get("x-release")).toBe("v1");
    const again = await units.start(unit("web-1", { environment }));
    expect(again.port).toBe(port);

    const [found] = await units.list({ app: "shop", env: "test" });
    expect(found).toMatchObject({ id: "web-1", alive: true, exit: null, port, restarts: 0, health: null });
    expect(found?.labels).toEqual(unit("web-1").labels);
    expect(await units.list({ app: "other" })).toEqual([]);
    const shown = await bench.docker.call(["inspect", "--format", "{{json .Config.Env}}", "web-1"], { step: "look" });
    expect(JSON.parse(shown)).toContain(`ODD=${environment.ODD}`);
    expect(await bench.docker.host.run(["ls", `${bench.folder}/run`], { deadlineMs: 9_000 })).toMatchObject({
      stdout: "",
    });

    expect((await units.usage(["web-1"])).get("web-1")?.memoryBytes).toBeGreaterThan(1e6);
    expect(await units.stop("web-1", 10_000)).toBe("SIGTERM");
    expect(await units.stop("web-1", 10_000)).toBe("gone");
    expect((await units.inspect(["web-1"])).size).toBe(0);
  });

  test("keeps its port when the engine starts it again", async () => {
    const spec = specOf("services: {web: {image: app, restart: always}}");
    const { port } = await units.start(unit("web-2", { spec }));
    await until("an answer", () => fetch(`http://127.0.0.1:${port}/`));
    const pid = await bench.docker.call(["inspect", "--format", "{{.State.Pid}}", "web-2"], { step: "look" });
    process.kill(Number(pid), "SIGKILL");
    const state = await until("a restart", async () => {
      const seen = (await units.inspect(["web-2"])).get("web-2");
      return seen?.alive && seen.restarts === 1 ? seen : undefined;
    });
    expect(state.port).toBe(port);
    await until("an answer", () => fetch(`http://127.0.0.1:${port}/`));
    // What was stopped stays stopped.
    await units.stop("web-2", 5_000);
    expect(await units.list({ unit: "web-2" })).toEqual([]);
  });

  test("takes another port where its own is taken", async () => {
    const { port } = await units.start(unit("web-11"));
    await units.stop("web-11", 0);
    const server = createServer();
    await new Promise<void>((done) => server.listen(port ?? 0, "127.0.0.1", done));
    const other = await units.start(unit("web-11"));
    expect(other.port).not.toBe(port);
    await until("an answer", () => fetch(`http://127.0.0.1:${other.port}/`));
    await units.stop("web-11", 0);
    await new Promise((done) => server.close(done));
  });

  test("SIGKILL ends what ignores its signal; how a program ended is told", async () => {
    const stubborn = specOf(
      "services: {web: {image: app, entrypoint: [sh, -c, \"trap '' TERM; sleep 60 & wait; sleep 60\"]}}",
    );
    await units.start(unit("web-3", { spec: stubborn, port: null }));
    expect(await units.stop("web-3", 1_000)).toBe("SIGKILL");

    const failing = specOf(
      "services: {web: {image: app, restart: 'no', entrypoint: [sh, -c, echo out; echo err >&2; exit 7]}}",
    );
    await units.start(unit("web-4", { spec: failing, port: null }));
    const state = await until("the end", async () => {
      const seen = (await units.inspect(["web-4"])).get("web-4");
      return seen?.exit && seen;
    });
    expect(state).toMatchObject({ alive: false, exit: { code: 7, signal: null } });
    expect((await units.tail("web-4", 10)).map(({ text }) => text).sort()).toEqual(["err", "out"]);
    expect(await units.stop("web-4", 1_000)).toBe("gone");
  });

  test("what is left of it is heard before it is removed, and where that fails it stays", async () => {
    const spec = specOf("services: {web: {image: app, restart: 'no', entrypoint: [sh, -c, echo why; exit 7]}}");
    await units.start(unit("web-13", { spec, port: null }));
    await until("the end", async () => (await units.inspect(["web-13"])).get("web-13")?.exit);
    const refuse = async () => Promise.reject(new Error("no store"));
    await expect(units.stop("web-13", 1_000, { keep: refuse })).rejects.toThrow("no store");
    const heard: unknown[] = [];
    const keep = async (end: unknown) => void heard.push(end);
    expect(await units.stop("web-13", 1_000, { keep })).toBe("gone");
    expect(heard).toEqual([{ exit: { code: 7, signal: null }, lines: ["why"] }]);
    expect((await units.inspect(["web-13"])).size).toBe(0);

    const running = specOf("services: {web: {image: app, init: true, entrypoint: [sleep, '60']}}");
    await units.start(unit("web-14", { spec: running, port: null }));
    await units.stop("web-14", 1_000, { keep });
    expect(heard.at(-1)).toEqual({ exit: null, lines: [] });
  });

  test("of one that ends again and again, what it wrote until its first end", async () => {
    const script = "echo run $$(cat /proc/uptime); echo why >&2; sleep 0.1; exit 3";
    const spec = specOf(`services: {web: {image: app, restart: always, entrypoint: [sh, -c, "${script}"]}}`);
    await units.start(unit("web-15", { spec, port: null }));
    await until("restarts", async () => ((await units.inspect(["web-15"])).get("web-15")?.restarts ?? 0) >= 2);
    const all = await units.tail("web-15", 100);
    expect(all.length).toBeGreaterThanOrEqual(4);
    const first = await units.firstEnd("web-15", 100);
    expect(first).toEqual({ exit: { code: 3, signal: null }, lines: all.slice(0, 2).map(({ text }) => text) });
    const heard: unknown[] = [];
    await units.stop("web-15", 1_000, { keep: async ({ exit }) => void heard.push(exit) });
    expect(heard).toEqual([{ code: 3, signal: null }]);
    expect(await units.firstEnd("web-15", 100)).toBeUndefined();
  });

  test("one that the kernel killed for its memory says so, with its limit", async () => {
    const eat = "const all = []; for (;;) all.push(Buffer.alloc(2 ** 22, 1));";
    const spec = specOf(
      `services: {web: {image: app, restart: 'no', mem_limit: 64m, memswap_limit: 64m, entrypoint: [node, -e, "${eat}"]}}`,
    );
    await units.start(unit("web-16", { spec, port: null }));
    const state = await until("the end", async () => {
      const seen = (await units.inspect(["web-16"])).get("web-16");
      return seen?.exit && seen;
    });
    const exit = { code: 137, signal: "SIGKILL", outOfMemory: { limit: 64 * 2 ** 20 } };
    expect(state.exit).toEqual(exit);
    expect(await units.firstEnd("web-16", 1)).toMatchObject({ exit });
    await units.stop("web-16", 0);
  });

  test("logs: the last lines of both streams in order, then new ones", async () => {
    const script =
      "for i in 1 2 3; do echo out$$i; sleep 0.05; echo err$$i >&2; sleep 0.05; done; sleep 1; echo last; sleep 60";
    const spec = specOf(`services: {web: {image: app, init: true, entrypoint: [sh, -c, "${script}"]}}`);
    await units.start(unit("web-5", { spec, port: null }));
    const lines: LogLine[] = [];
    const end = new AbortController();
    const following = units.follow("web-5", { lines: 0, onLine: (line) => lines.push(line), signal: end.signal });
    await until("the last line", () => lines.some(({ text }) => text === "last"));
    end.abort();
    await following;
    const tail = await units.tail("web-5", 4);
    expect(tail.map(({ text }) => text)).toEqual(["err2", "out3", "err3", "last"]);
    expect(tail[0]).toEqual({ replica: "web-5", text: "err2" });
    await units.stop("web-5", 1_000);
  });

  test("a service behind the proxy is reached under its name", async () => {
    const spec = specOf("services: {web: {image: app, entrypoint: [cat, /etc/hosts]}}");
    await units.start(unit("web-6", { spec, port: null, addHosts: { api: gateway } }));
    await until("the line", async () => (await units.tail("web-6", 50)).some(({ text }) => text === `${gateway}\tapi`));
    await units.stop("web-6", 0);
  });

  test("runs a command once, next to what runs", async () => {
    const run = { ...unit("migrate-1"), argv: ["sh", "-c", "echo $A; exit 3"], environment: { A: "done" } };
    expect(await units.once(run, { deadlineMs: 60_000 })).toEqual({ code: 3, output: "done\n" });
    expect(await units.list({ unit: "migrate-1" })).toEqual([]);
  });

  test("answers all that a command writes, as it writes it, or says that it is too much", async () => {
    const write = (lines: number, length: number) =>
      `for (let n = 0; n < ${lines}; n++) console.log(n + "x".repeat(${length}) + "  ");`;
    const once = (id: string, code: string) =>
      units.once({ ...unit(id), argv: ["node", "-e", code] }, { deadlineMs: 120_000 });
    const { output } = await once("list-1", write(1_500, 3_000));
    expect(output.split("\n")).toHaveLength(1_501);
    const long = await once("list-2", write(1, 40_000));
    expect(long.output).toBe(`0${"x".repeat(40_000)}  \n`);
    await expect(once("list-3", write(90, 100_000))).rejects.toMatchObject({ code: "SM-DOCKER-OUTPUT" });
    expect(await units.list({ app: "shop" })).toEqual([]);
  });

  test("a command that takes too long or that a person aborts is ended; one whose controller stops goes on", async () => {
    const spec = specOf("services: {web: {image: app, init: true}}");
    const run = { ...unit("migrate-2", { spec, port: null }), argv: ["sleep", "600"] };
    await expect(units.once(run, { deadlineMs: 5_000 })).rejects.toMatchObject({ code: "SM-EXEC-DEADLINE" });
    expect(await units.list({ unit: "migrate-2" })).toEqual([]);

    const abort = async (reason: Error) => {
      const end = new AbortController();
      const ended = expect(units.once(run, { deadlineMs: 60_000, signal: end.signal })).rejects.toThrow(reason.message);
      await until("its start", async () => (await units.inspect(["migrate-2"])).get("migrate-2")?.alive);
      // The command that waits for its end begins a moment after.
      await new Promise((done) => setTimeout(done, 1_000));
      end.abort(reason);
      await ended;
    };
    await abort(new Error("lease lost"));
    expect(await units.list({ unit: "migrate-2" })).toMatchObject([{ alive: true }]);
    await abort(new UserError({ code: "SM-ROLLOUT-ABORTED", message: "aborted by me" }));
    expect(await units.list({ unit: "migrate-2" })).toEqual([]);
  }, 60_000);

  test("leaves no file with variables behind, also where the gate has closed meanwhile", async () => {
    const { host } = bench.docker;
    let open = true;
    const run: typeof host.run = async (argv, options) => {
      if (!open) throw new Error("refused");
      return await host.run(argv, options);
    };
    const write: typeof host.write = async (...args) => await host.write(...args).finally(() => (open = false));
    const docker = createDocker({ ...host, run, write }, ["docker", "-H", bench.engine.host]);
    const gated = createUnits({ docker, folder: `${bench.folder}/gated`, plain: host });
    await expect(gated.start(unit("web-12", { environment: { TOKEN: "t" } }))).rejects.toThrow("refused");
    expect(await readdir(`${bench.folder}/gated`)).toEqual([]);
  });

  test("errors name host and step", async () => {
    const { image: _, ...rest } = unit("web-7");
    await expect(units.start({ ...rest, image: "nosuch:1" })).rejects.toMatchObject({
      code: "SM-IMAGE-MISSING",
      message: expect.stringContaining("local: create web-7: "),
    });
    await bench.docker.call(["create", "--name", "web-8", image], { step: "take the name" });
    await expect(units.start(unit("web-8"))).rejects.toMatchObject({ code: "SM-DOCKER-NAME" });
    await expect(units.stop("web-8", 0)).rejects.toMatchObject({ code: "SM-DOCKER-NAME" });
    const absent = specOf("services: {web: {image: app, entrypoint: /nosuch}}");
    await expect(units.start(unit("web-9", { spec: absent }))).rejects.toMatchObject({ code: "SM-DOCKER-PROGRAM" });
    expect(await units.list({ unit: "web-9" })).toEqual([]);
  });

  test("joins the networks of the Compose file and uses a volume that Compose would know", async () => {
    await bench.docker.call(["network", "create", "shop_default"], { step: "make a network" });
    const spec = specOf("services: {web: {image: app, volumes: ['data:/data']}, db: {image: app}}\nvolumes: {data: }");
    const { port } = await units.start(unit("web-10", { spec }));
    await until("an answer", () => fetch(`http://127.0.0.1:${port}/`));
    expect((await units.inspect(["web-10"])).get("web-10")?.networks.sort()).toEqual(["shop-test", "shop_default"]);
    const volume = await bench.docker.call(["volume", "inspect", "shop_data"], { step: "look" });
    expect(JSON.parse(volume)[0].Labels).toMatchObject({ "com.docker.compose.volume": "data" });
    await units.stop("web-10", 5_000);
    await bench.docker.call(["volume", "inspect", "shop_data"], { step: "it stays" });
  });
});
