import { afterEach, expect, test, vi } from "vitest";
import { type Lab, openLab } from "../../test/lab/lab.ts";
import { until } from "../../test/lab/until.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let lab: Lab;
afterEach(() => lab.close());

const TEMPLATE = { platform: "compose", hosts: ["nowhere.invalid"], per: "branch" };

test("previews are asked for with and without a daemon, and answers are in one line", async () => {
  lab = await openLab({ manifest: { environments: { local: { platform: "local" }, preview: TEMPLATE } } });
  const said = async (...args: string[]) => {
    const { code, stdout, stderr } = await lab.run(["preview", ...args]);
    return `${code} ${stdout}${stderr}`.trim();
  };
  const all = async () => {
    expect(await said("list")).toBe("0 no previews");
    expect(await said("list", "--json")).toMatch(/^0 \{\s+"previews": \[\]\s+\}$/);
    expect(await said("wake", "pr-1")).toMatch(/^2 error SM-PREVIEW-UNKNOWN: there is no preview pr-1; [^\n]+$/);
    expect(await said("remove", "pr-1")).toMatch(/^2 error SM-CONFIRM:/);
    expect(await said("open", "login", "--pr", "x")).toMatch(/^2 error SM-USAGE: "x" is no pull request;/);
  };
  await all();
  const { code } = await lab.run(["up", "--port", "0", "--detach"]);
  expect(code).toBe(0);
  await all();
  expect(await said("open", "login")).toMatch(
    /^1 br-login is being made on nowhere.invalid\nerror SM-PREVIEW-FAILED: /,
  );
  const list = await until("the reason", async () => {
    const now = await said("list");
    return now.includes("failed") && now;
  });
  expect(list).toMatch(/br-login +failed +login .*SM-SSH/);
  expect(await said("close", "br-login")).toMatch(/^0 br-login is closed and removed after \d{4}-/);
});

test("without an environment that is copied there are none to open", async () => {
  lab = await openLab();
  const { code, stderr } = await lab.run(["preview", "open", "login"]);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^error SM-PREVIEW-NONE: /)]);
});
