import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Lab, openLab, service } from "../../test/lab/lab.ts";
import { until } from "../../test/lab/until.ts";

// Each step is a process of its own; a busy machine makes them slow.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({ services: { app: service({ replicas: 2 }) } });
  await lab.deploy("--release", "v1");
});
afterAll(() => lab.close());

async function logs(...args: string[]): Promise<{ replica: string; text: string }[]> {
  const { code, stdout, stderr } = await lab.run(["logs", "app", "--json", ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

test("nothing to deploy is said, without a question, and is a success", async () => {
  const { code, stdout, stderr } = await lab.run(["deploy"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^nothing to deploy: local runs v1/);
  const json = await lab.run(["deploy", "--json"]);
  expect(JSON.parse(json.stdout)).toMatchObject({ release: "v1", services: [{ service: "app", action: "keep" }] });
  expect((await lab.status()).rollouts).toHaveLength(1);
});

test("each replica has its part, and none is an answer", async () => {
  expect(new Set((await logs("-n", "2")).map(({ replica }) => replica)).size).toBe(2);
  expect(await logs("-n", "0")).toEqual([]);
});

test("followed from the first byte of each new process; the ended ones keep their last words", async () => {
  const following = lab.start(["logs", "app", "-f", "--json", "-n", "1"]);
  await until("the last line", () => following.said().includes("v1 listens"));
  expect(following.said().trim().split("\n")).toHaveLength(1);
  await lab.deploy("--release", "v2");
  await until("both new processes", () => following.said().match(/v2 listens/g)?.length === 2);
  following.child.kill("SIGINT");
  expect((await following.done).code).toBe(0);

  const texts = (await logs()).map(({ text }) => text.split(" ")[0]);
  expect(texts).toEqual(["v1", "v1", "v2", "v2"]);
  expect((await logs("--release", "v1")).every(({ text }) => text.startsWith("v1 "))).toBe(true);
  const unknown = await lab.run(["logs", "app", "--release", "v9", "--json"]);
  expect(unknown).toMatchObject({ code: 2, stdout: "" });
  expect(JSON.parse(unknown.stderr).error).toMatchObject({ code: "SM-LOGS-RELEASE", exitCode: 2 });
});

test("what a process said before it died at once is found", async () => {
  lab.manifest({
    services: { app: service({ start: ["sh", "-c", "echo no such database; exit 3"], env: { A: "1" } }) },
  });
  const { code } = await lab.deploy("--release", "v3");
  expect(code).toBe(1);
  expect((await logs()).map(({ text }) => text)).toContain("no such database");
});

test("for people: each replica below its head, and why there is nothing", async () => {
  const { stdout } = await lab.run(["logs", "app"]);
  expect(stdout).toMatch(/^== app-\S+ \(v3, ended .+ ago.*\) ==$/m);
  expect(stdout).toMatch(/^== app-\S+ \(v2, running\) ==\napp-\S+ v2 listens/m);
  lab.manifest({ services: { app: service(), other: service() } });
  const nothing = await lab.run(["logs", "other"]);
  expect(nothing).toMatchObject({ code: 0, stdout: "", stderr: "other has no process; nothing to show\n" });
});
