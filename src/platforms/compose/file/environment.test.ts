import { expect, test } from "vitest";
import { composeEnvironment } from "./environment.ts";
import { infrastructureText, relativeSources } from "./infrastructure.ts";
import { loadComposeFile } from "./load.ts";

const VALUES: Record<string, string> = { PW: `s$c"r'et`, SHELL_ONLY: "from shell" };
const FILES: Record<string, string> = {
  "a.env": `A=1\nB="two words"\nC='$PW'\nexport D=\${A}-\${PW}\n# E=5\nBOTH=file\n`,
  "raw.env": "R=$PW\n",
};
const source = { variable: (name: string) => VALUES[name], readFile: async (path: string) => FILES[path] };
const file = (path: string, more: object = {}) => ({ path, required: true, raw: false, ...more });

test("files first, then the service's own, with variables filled in at last", async () => {
  const environment = { URL: "pg://u:${PW}@db", BOTH: "own", SHELL_ONLY: null, UNSET: null, EMPTY: "" };
  const env_files = [file("a.env"), file("raw.env", { raw: true }), file("none.env", { required: false })];
  expect(await composeEnvironment({ environment, env_files }, source)).toEqual({
    A: "1",
    B: "two words",
    C: "$PW",
    D: `1-${VALUES.PW}`,
    R: "$PW",
    BOTH: "own",
    URL: `pg://u:${VALUES.PW}@db`,
    SHELL_ONLY: "from shell",
    EMPTY: "",
  });
});

test("a file that is not there is named", async () => {
  await expect(composeEnvironment({ environment: {}, env_files: [file("none.env")] }, source)).rejects.toMatchObject({
    code: "SM-COMPOSE-ENV-FILE",
    message: "there is no none.env, which env_file names",
  });
});

test("what is left to Compose has no service of ours, no profile and no variable", async () => {
  const text = `
name: other
services:
  web: {image: app, env_file: gone.env, volumes: ["./w:/w"]}
  db:
    extends: base
    depends_on: [web, cache]
    environment: {P: "\${PW}"}
    env_file: a.env
    volumes: ["./init.sql:/init.sql:ro", "/abs:/abs", "data:/d"]
    secrets: [key]
    command: echo $$HOME
  base: {image: pg, profiles: [never]}
  cache: {image: redis}
volumes: {data: {driver_opts: {a: b}}}
secrets: {key: {file: ./key.pem}}
`;
  const options = { name: "compose.yaml", dir: "/srv", ours: ["web"], variable: source.variable };
  const model = loadComposeFile(text.replace("    extends: base\n", "    image: pg\n"), options);
  const left = JSON.parse(await infrastructureText(model, source, { "stationmaster.app": "shop" }));
  expect(Object.keys(left.services)).toEqual(["db", "cache"]);
  expect(left.services.db).toMatchObject({
    image: "pg",
    command: "echo $$HOME",
    depends_on: { cache: { condition: "service_started" } },
    environment: { P: "s$$c\"r'et", A: "1" },
    volumes: ["./init.sql:/init.sql:ro", "/abs:/abs", "data:/d"],
  });
  expect(left.services.db).not.toHaveProperty("env_file");
  const labels = { "stationmaster.app": "shop" };
  expect(left.volumes).toEqual({ data: { driver_opts: { a: "b" }, labels } });
  expect(left.services.db.labels).toEqual({
    ...labels,
    "stationmaster.definition": expect.stringMatching(/^[0-9a-f]{16}$/),
  });
  expect(left.networks.default.labels).toEqual(labels);
  expect(relativeSources(model)).toEqual([
    { service: "db", source: "./init.sql" },
    { service: "db", source: "./key.pem" },
    { service: "web", source: "./w" },
  ]);
});
