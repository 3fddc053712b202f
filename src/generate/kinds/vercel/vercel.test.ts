import { describe, expect, test } from "vitest";
import { memoryTree } from "../../../formats/tree.ts";
import { checkFiles } from "../../../lint/check.ts";
import { mergeFile } from "../../merge/merge.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { plan, service } from "../../testing.ts";
import { vercel } from "./kind.ts";

const PAGES: Partial<PlannedService> = {
  ...{ path: ".", role: "static", kind: "spa", framework: "vite", output: "dist", spa: true, start: null },
  ...{ build: "npm run build", health: null },
};
const site = (given: Partial<PlannedService> = {}) => service("site", { ...PAGES, ...given });
const withFiles = (files: Record<string, string>, given: Partial<PlannedService> = {}): Partial<Plan> => ({
  services: [site(given)],
  tree: memoryTree(files),
});
const render = (given: Partial<Plan>) => vercel.render(plan({ target: "vercel", ...given }));
const settings = (given: Partial<Plan>) => JSON.parse(render(given)[0]?.text ?? "null");

/** One run after another over the same file, as `generate` makes them. */
function runs(current: string | undefined, plans: Partial<PlannedService>[], { adopt = false } = {}) {
  let state: { text: string | undefined; base: string | undefined } = { text: current, base: undefined };
  const proposed: (string | undefined)[] = [];
  for (const [index, given] of plans.entries()) {
    const { text } = state;
    const [file] = render(withFiles(text === undefined ? {} : { "vercel.json": text }, given));
    if (!file) throw new Error("nothing was rendered");
    const { path, ownership } = file;
    const options = { path, ownership, base: state.base, current: text, next: file.text, restore: false, file };
    const outcome = mergeFile({ ...options, adopt: adopt && index === 0 });
    proposed.push(outcome.proposed);
    state = { text: outcome.text, base: outcome.base };
  }
  return { value: JSON.parse(state.text ?? "null"), text: state.text, proposed };
}

const THEIRS = `{
  "buildCommand": "npm run special",
  "cleanUrls": true,
  "headers": [{ "source": "/x", "headers": [{ "key": "A", "value": "b" }] }],
  "functions": { "api/x.ts": { "memory": 512 } }
}
`;

describe("vercel.json", () => {
  test("pages and frameworks that run there have one, in their folder; workers and servers have none", () => {
    const services = [
      site({ path: "web" }),
      service("front", { path: "front", kind: "ssr", framework: "next", build: "next build" }),
      service("api"),
      service("odd", { framework: "constructor" }),
      service("mailer", { role: "worker", kind: "worker", port: null }),
    ];
    expect(render({ services }).map(({ path }) => path)).toEqual(["web/vercel.json", "front/vercel.json"]);
    expect(render({ services })[0]?.notes).toEqual([expect.stringMatching(/; api, odd, mailer have none$/)]);
    expect(render({ services: [site()] })[0]?.notes).toBeUndefined();
    expect(settings({ services: [services[1] as PlannedService] })).toEqual({
      $schema: "https://openapi.vercel.sh/vercel.json",
      framework: "nextjs",
      buildCommand: "next build",
      installCommand: "npm ci",
      headers: [{ source: "/(.*)", headers: expect.any(Array) }],
    });
  });

  test("unknown paths of a page with routes of its own get index.html; jobs are addresses", () => {
    expect(settings(withFiles({}))).toMatchObject({
      outputDirectory: "dist",
      rewrites: [{ source: "/((?!api/).*)", destination: "/index.html" }],
    });
    const crons = [
      { name: "nightly", schedule: "0 3 * * *", command: "/api/nightly" },
      { name: "local", schedule: "0 4 * * *", command: "node nightly.js" },
      { name: "/api/weekly", schedule: "0 5 * * 1", command: null },
      { name: "monthly", schedule: "0 5 1 * *", command: null },
    ];
    const found = settings(withFiles({}, { spa: false, crons }));
    expect(found.rewrites).toBeUndefined();
    expect(found.crons).toEqual([
      { path: "/api/nightly", schedule: "0 3 * * *" },
      { path: "/api/weekly", schedule: "0 5 * * 1" },
    ]);
  });

  test("where vercel.ts is, ours is a proposal that nothing reads", () => {
    const [file] = render(withFiles({ "vercel.ts": "export const config = {};" }));
    expect(file).toMatchObject({ path: "vercel.ts.proposed.json", ownership: "seed" });
    expect(file?.notes?.[0]).toContain("exclude each other");
  });

  test.each([
    ["none", {}],
    ["theirs", { "vercel.json": THEIRS }],
    [
      "theirs with older keys",
      { "vercel.json": '{ "builds": [{ "src": "a.js", "use": "@vercel/node" }], "routes": [] }' },
    ],
    ["broken", { "vercel.json": "{ " }],
    ["a list", { "vercel.json": "[]" }],
  ])("%s: no rule objects to what would be there, the same each time", async (_, files) => {
    const given = withFiles(files);
    expect(render(given)).toEqual(render(given));
    const [file] = render(given);
    const tree = memoryTree({ "vercel.json": file?.adopted?.text ?? file?.text ?? "" });
    expect(await checkFiles({ tree, today: "2026-01-01" })).toEqual([]);
  });
});

describe("beside what people wrote", () => {
  test("theirs stays, ours is proposed with all of theirs in it, each time", () => {
    const { text, proposed } = runs(THEIRS, [{}, {}]);
    expect(text).toBe(THEIRS);
    expect(proposed[0]).toBe(proposed[1]);
    expect(JSON.parse(proposed[0] ?? "")).toMatchObject({ ...JSON.parse(THEIRS), framework: "vite", rewrites: [{}] });
  });

  test("adopted, each of their keys outlives later runs; what is ours follows the plan", () => {
    const plans = [{}, {}, {}, { output: "out" }, { output: "out" }, { build: "npm run other" }, {}];
    const { value, proposed } = runs(THEIRS, plans, { adopt: true });
    expect(value).toMatchObject({ ...JSON.parse(THEIRS), framework: "vite" });
    expect(value.outputDirectory).toBe("dist");
    expect(proposed.slice(0, 5)).toEqual([undefined, undefined, undefined, undefined, undefined]);
    // Both changed the same: theirs stays, and they hear of it.
    expect(JSON.parse(proposed[5] ?? "{}").buildCommand).toBe("npm run other");
  });

  test("a setting that was taken out of their own file stays when the facts no longer know it", () => {
    const own = THEIRS.replace("npm run special", "npm run build");
    expect(runs(own, [{}, { build: "vite build" }, { build: "vite build" }], { adopt: true }).value.buildCommand).toBe(
      "npm run build",
    );
  });

  test("a file of ours follows the plan", () => {
    expect(runs(undefined, [{}, { build: "vite build" }]).value.buildCommand).toBe("vite build");
    expect(runs(undefined, [{}, {}]).text).toBe(runs(undefined, [{}]).text);
  });

  test("written into another folder it has all of theirs too: limits of functions and what else no fact tells", () => {
    const [file] = render(withFiles({ "vercel.json": THEIRS }));
    const options = { path: "vercel.json", ownership: "managed", base: undefined, current: undefined } as const;
    const outcome = mergeFile({ ...options, next: file?.text, restore: false, adopt: false, file });
    expect(outcome.action).toBe("create");
    expect(JSON.parse(outcome.text ?? "")).toMatchObject({ ...JSON.parse(THEIRS), framework: "vite" });
  });

  test("nothing to add: their file is theirs as it is", () => {
    const all = JSON.stringify({ ...settings(withFiles({})), trailingSlash: false });
    expect(runs(all, [{}, {}])).toMatchObject({ text: all, proposed: [undefined, undefined] });
  });

  test("older keys are not mixed with newer ones", () => {
    const old = '{ "routes": [{ "src": "/a", "dest": "/b" }], "builds": [{ "src": "a.js", "use": "@vercel/node" }] }';
    const { value } = runs(old, [{}, {}], { adopt: true });
    expect(Object.keys(value).sort()).toEqual(["$schema", "builds", "routes"]);
  });
});
