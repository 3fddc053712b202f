import { expect, test } from "vitest";
import { definitionsIn, infrastructureText } from "./file/infrastructure.ts";
import { loadComposeFile } from "./file/load.ts";
import { judge, watchedParts } from "./infrastructure.ts";

const FILE = `
services:
  web: {image: app, depends_on: [db]}
  api: {image: app, environment: {CACHE: "redis://cache:6379/0"}}
  worker: {image: app}
  db: {image: db, environment: {PASSWORD: one}, depends_on: {setup: {condition: service_completed_successfully}}}
  cache: {image: redis}
  setup: {image: busybox}
`;
const load = (text: string) =>
  loadComposeFile(text, {
    name: "compose.yaml",
    dir: "/srv",
    ours: ["web", "api", "worker"],
    variable: () => undefined,
  });

test("watched is what stays up, with those that need it: by depends_on, or since a variable names it as a host", () => {
  const env = (...texts: string[]) => ({ env: Object.fromEntries(texts.map((text, index) => [`V${index}`, text])) });
  const services = {
    web: env("a db in a sentence is one too"),
    api: env("https://cache.example.com"),
    worker: env("postgres://shop:cache@db/shop", "cached"),
  };
  expect(watchedParts(load(FILE), { services } as never)).toEqual({ db: ["web", "worker"], cache: ["api"] });
});

test("a definition changes with what it says, not with the order it is written in", async () => {
  const source = { variable: () => undefined, readFile: async () => undefined };
  const definitions = async (text: string) =>
    definitionsIn(await infrastructureText(load(text), source, { app: "shop" }));
  const first = await definitions(FILE);
  expect(Object.keys(first)).toEqual(["db", "cache", "setup"]);
  expect(
    await definitions(
      FILE.replace("{image: db, environment: {PASSWORD: one}", "{environment: {PASSWORD: one}, image: db"),
    ),
  ).toEqual(first);
  const other = await definitions(FILE.replace("PASSWORD: one", "PASSWORD: two"));
  expect(Object.keys(first).filter((name) => first[name] !== other[name])).toEqual(["db"]);
});

const RUNS = { status: "running", alive: true, exit: null, health: null };
test.each([
  [RUNS, null],
  [{ ...RUNS, health: "starting" }, null],
  [{ ...RUNS, health: "unhealthy" }, "its own health check fails"],
  [{ ...RUNS, alive: false, status: "exited", exit: { code: 137, signal: "SIGKILL" } }, "ended (SIGKILL)"],
  [{ ...RUNS, alive: false, status: "exited", exit: { code: 3, signal: null } }, "ended (exit 3)"],
  [{ ...RUNS, alive: false, status: "created" }, "it is created"],
  [undefined, "there is no such container"],
])("a part that is %j: %s", (state, detail) => {
  expect(judge(state)).toEqual({ alive: detail === null, detail });
});
