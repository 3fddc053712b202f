import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { findProgram } from "../../../../test/labs/missing.ts";
import { labEnv } from "../../../../test/labs/run.ts";
import { run } from "../../../exec/run.ts";
import { composeEnvironment } from "./environment.ts";
import { loadComposeFile } from "./load.ts";
import { envFilesOf } from "./spec.ts";

const compose = findProgram("docker-compose");
if (!compose) console.log("skipped: docker-compose is not installed");

const VALUES: Record<string, string> = { A: "a b", EMPTY: "", D: "$A", Q: `'"` };
const FIXED = `
services:
  web:
    <<: {environment: {M: merged}}
    extends: {service: base}
    command: sh -c "echo 'a  b' \\"$$X\\"" c\\ d
    environment: [OWN=1, "BOTH=\${A:-d}", A, NOT_THERE]
    ulimits: {nproc: 5}
  base:
    image: base:\${EMPTY:-1}
    env_file: base.env
    environment: {BASE: x, BOTH: base}
    dns: 1.1.1.1
    volumes: ["data:/data"]
volumes: {data: }
`;

test.skipIf(!compose)("a file comes out as Compose has it", async () => {
  const { ours, theirs } = await both(FIXED, { "base.env": "# no\nF=1\nG=\"two  words\"\nH='x $A'\nBASE=file\n" });
  expect(ours).toEqual(theirs.environment);
  expect(theirs).toMatchObject({ image: "base:1", dns: ["1.1.1.1"], ulimits: { nproc: 5 } });
});

// Docker Compose 1 leaves variables in a default as they are; the plugin fills them in, and so do we.
test.skipIf(!compose)("variables come out as Compose has them", async () => {
  const piece = fc.constantFrom("$A", "${A}", "$$", "${NONE:-x}", "${EMPTY-x}", "x", " ", "}", "${D}", ":", "${Q}");
  const texts = fc.sample(
    fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join("")),
    60,
  );
  const environment = Object.fromEntries(texts.map((text, index) => [`V${index}`, text]));
  const { ours, theirs } = await both(stringify({ services: { web: { image: "x", environment } } }), {});
  expect(ours).toEqual(theirs.environment);
});

test
  .skipIf(!compose)
  .each([
    "environment: {A: [1]}",
    "command: {a: b}",
    "user: 1000",
    "healthcheck: {tets: x}",
    "image: '${A'",
    "image: '${NONE:?needed}'",
    "volumes: [nosuch:/a]",
    "depends_on: [nosuch]",
    "extends: nosuch",
    "imgae: x",
    "restart: 3",
  ])("%s is refused by Compose and by us", async (line) => {
  const text = `services:\n  web:\n    ${line.startsWith("image") ? "" : "image: x\n    "}${line}\n`;
  expect((await config(text, {})).code).not.toBe(0);
  expect(() => load(text)).toThrow(expect.objectContaining({ code: expect.stringMatching(/^SM-COMPOSE-/) }));
});

function load(text: string) {
  const options = { name: "compose.yaml", dir: "/srv", ours: ["web"] };
  return loadComposeFile(text, { ...options, variable: (name) => VALUES[name] });
}

async function both(text: string, files: Record<string, string>) {
  const web = load(text).services.web;
  const ours = await composeEnvironment(
    { environment: web?.environment ?? {}, env_files: envFilesOf(web ?? {}) },
    { variable: (name) => VALUES[name], readFile: async (path) => files[path] },
  );
  const { stdout, code, stderr } = await config(text, files);
  if (code !== 0) throw new Error(stderr);
  const theirs = parse(stdout.replaceAll("$$", "$")).services.web;
  // A name without a value is told as null where it is not set.
  const environment = Object.fromEntries(Object.entries(theirs.environment).filter(([, value]) => value !== null));
  return { ours, theirs: { ...theirs, environment } };
}

/** What `docker-compose config` says of a file; its dollar signs come out doubled. */
async function config(text: string, files: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), "stationmaster-compose-"));
  try {
    for (const [name, content] of Object.entries({ ...files, "compose.yaml": text }))
      writeFileSync(join(folder, name), content);
    const { NONE: _, ...env } = { ...labEnv(), ...VALUES };
    const argv = [compose ?? "", "-f", join(folder, "compose.yaml"), "config"];
    return await run(argv, { deadlineMs: 60_000, cwd: folder, env });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
