import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { basePath, INDEX_FILE } from "./base-store.ts";
import { prepare } from "./prepare.ts";
import { openRepository } from "./repository.ts";
import { readBelow, writePrepared } from "./write.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "write-"));
  const manifest = { name: "api", scripts: { start: "node server.js" }, dependencies: { express: "4" } };
  put("package.json", `${JSON.stringify(manifest)}\n`);
  put("package-lock.json", "{}\n");
  put("server.js", 'require("express")().listen(process.env.PORT || 3000);\nprocess.env.LOG_LEVEL;\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const KINDS = ["dockerfile", "compose", "env-example"];

async function prepared(options: { restore?: boolean; adopt?: boolean } = {}) {
  const { plan } = openRepository(root);
  return await prepare({ plan, current: readBelow(root), today: "2026-11-22", kinds: KINDS, ...options });
}
async function generate(options: { restore?: boolean; adopt?: boolean } = {}) {
  const made = await prepared(options);
  writePrepared(root, made);
  return Object.fromEntries(made.files.map(({ path, action }) => [path, action]));
}
function put(path: string, text: string | Uint8Array): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
}
const read = (path: string) => readFileSync(join(root, path), "utf8");
const moved = (port: number) => put("server.js", `require("express")().listen(process.env.PORT || ${port});\n`);

describe("what is there already", () => {
  test("a file that people deleted stays deleted until it is asked for", async () => {
    await generate();
    rmSync(join(root, "compose.dev.yaml"));
    expect(await generate()).toMatchObject({ "compose.dev.yaml": "keep" });
    expect(existsSync(join(root, "compose.dev.yaml"))).toBe(false);
    expect(await generate({ restore: true })).toMatchObject({ "compose.dev.yaml": "create" });
    expect(read("compose.dev.yaml")).toContain("services:");
  });

  test("a file of somebody else is not touched; ours lies beside it until it is adopted", async () => {
    put("compose.yaml", "services:\n  mine:\n    image: busybox:1.36\n");
    expect(await generate()).toMatchObject({ "compose.yaml": "conflict" });
    expect(read("compose.yaml")).toBe("services:\n  mine:\n    image: busybox:1.36\n");
    expect(read("compose.yaml.proposed")).toContain("api:");
    expect(await generate({ adopt: true })).toMatchObject({ "compose.yaml": "merge" });
    expect(read("compose.yaml")).toContain("api:");
  });

  test("line ends, byte order mark and mode of an edited file stay when the plan changes", async () => {
    await generate();
    put(
      "compose.yaml",
      `\uFEFF${read("compose.yaml").replace("mem_limit: 512m", "mem_limit: 777m").replaceAll("\n", "\r\n")}`,
    );
    chmodSync(join(root, "compose.yaml"), 0o600);
    moved(4000);
    expect(await generate()).toMatchObject({ "compose.yaml": "merge" });
    const text = read("compose.yaml");
    expect(text.startsWith("\uFEFF")).toBe(true);
    expect(text.replaceAll("\r\n", "")).not.toContain("\n");
    expect(text).toContain("mem_limit: 777m");
    expect(text).toContain("4000");
    expect(statSync(join(root, "compose.yaml")).mode & 0o777).toBe(0o600);
  });

  test("lines that people added to the sample of variables and the ignore file stay", async () => {
    await generate();
    put(".dockerignore", `${read(".dockerignore")}fixtures\n`);
    put(".env.example", read(".env.example").replace("LOG_LEVEL=", "# one of debug, info\nLOG_LEVEL=debug"));
    put("server.js", `${read("server.js")}process.env.API_HOST;\n`);
    await generate();
    expect(read(".dockerignore")).toContain("\nfixtures\n");
    expect(read(".env.example")).toContain("# one of debug, info\nLOG_LEVEL=debug\n");
    expect(read(".env.example")).toContain("API_HOST=");
  });

  test("a sample of variables that people wrote gets what it lacks, in a part of its own", async () => {
    put(".env.example", "# how much is logged\nLOG_LEVEL=info\n");
    put("server.js", `${read("server.js")}process.env.API_HOST;\n`);
    await generate();
    expect(read(".env.example")).toMatch(
      /^# how much is logged\nLOG_LEVEL=info\n\n# stationmaster: begin\n[\s\S]*API_HOST=\n# stationmaster: end\n$/,
    );
    const before = read(".env.example");
    await generate();
    expect(read(".env.example")).toBe(before);
  });
});

describe("what belongs to whom", () => {
  test("a file that the manifest takes away from the generator stays as it is, also where nobody edited it", async () => {
    await generate();
    const before = read("compose.dev.yaml");
    const { plan } = openRepository(root);
    plan.own = { "compose.dev.yaml": "off" };
    moved(4000);
    const made = await prepare({ plan, current: readBelow(root), today: "2026-11-22", kinds: KINDS });
    writePrepared(root, made);
    expect(read("compose.dev.yaml")).toBe(before);
    expect(JSON.parse(read(INDEX_FILE)).files).not.toHaveProperty("compose.dev.yaml");
  });

  test("a file that the plan needs no more goes, and one that people changed stays", async () => {
    await generate();
    put("compose.yaml", read("compose.yaml").replace("mem_limit: 512m", "mem_limit: 777m"));
    const made = await prepared();
    const { plan } = openRepository(root);
    plan.services = [];
    const gone = await prepare({ plan, current: readBelow(root), today: "2026-11-22", kinds: KINDS });
    expect(gone.files.find(({ path }) => path === "Dockerfile")).toMatchObject({ action: "delete" });
    expect(gone.files.find(({ path }) => path === "compose.yaml")?.text).toContain("mem_limit: 777m");
    expect(made.files.find(({ path }) => path === "compose.yaml")).toMatchObject({ action: "keep" });
  });

  test("where the bytes of the last run are gone, the list tells whether a file is as it was", async () => {
    await generate();
    rmSync(join(root, basePath("compose.yaml")));
    rmSync(join(root, basePath("Dockerfile")));
    put("Dockerfile", `${read("Dockerfile")}# mine\n`);
    moved(4000);
    expect(await generate()).toMatchObject({ "compose.yaml": "merge", Dockerfile: "conflict" });
    expect(read("Dockerfile")).toContain("# mine\n");
  });

  test("what people change inside of our marked part stays when it grows", async () => {
    put(".env.example", "OTHER=1\n");
    await generate();
    put(".env.example", read(".env.example").replace("LOG_LEVEL=", "LOG_LEVEL=debug"));
    put("server.js", `${read("server.js")}process.env.API_HOST;\n`);
    await generate();
    expect(read(".env.example")).toContain("LOG_LEVEL=debug\n");
    expect(read(".env.example")).toContain("API_HOST=\n");
  });

  test("what an edit makes wrong keeps everything from being written", async () => {
    await generate();
    put("compose.yaml", read("compose.yaml").replace("mem_limit: 512m", "mem_limit: [1, 2]"));
    moved(4000);
    const { blocking } = await prepared();
    expect(blocking.map(({ file, severity }) => `${severity} ${file}`)).toContain("error compose.yaml");
  });

  test("a port that people changed in one file only is told, and nothing is written", async () => {
    await generate();
    put("Dockerfile", read("Dockerfile").replace("EXPOSE 3000", "EXPOSE 3001"));
    const { blocking } = await prepared();
    expect(blocking.map(({ message }) => message).join()).toContain("port of api is 3001 here, and 3000 in the plan");
  });

  test("another name of the folder makes no other files", async () => {
    await generate();
    const clone = mkdtempSync(join(tmpdir(), "another-name-"));
    try {
      cpSync(root, clone, { recursive: true });
      const { plan } = openRepository(clone);
      const made = await prepare({ plan, current: readBelow(clone), today: "2026-11-22", kinds: KINDS });
      expect(new Set(made.files.map(({ action }) => action))).toEqual(new Set(["keep"]));
    } finally {
      rmSync(clone, { recursive: true, force: true });
    }
  });
});

describe("places it does not write to", () => {
  test("below a folder that is a link", async () => {
    put("elsewhere/keep", "");
    symlinkSync(join(root, "elsewhere"), join(root, ".stationmaster"));
    const made = await prepared();
    expect(() => writePrepared(root, made)).toThrow(/\.stationmaster\/.* is reached through a link/);
    expect(existsSync(join(root, "elsewhere/base"))).toBe(false);
  });

  test("through a link", async () => {
    put("elsewhere/compose.yaml", "");
    rmSync(join(root, "elsewhere/compose.yaml"));
    symlinkSync(join(root, "elsewhere/compose.yaml"), join(root, "compose.yaml"));
    const made = await prepared();
    expect(() => writePrepared(root, made)).toThrow(/compose\.yaml is reached through a link/);
    expect(existsSync(join(root, "elsewhere/compose.yaml"))).toBe(false);
  });

  test("outside of the folder", async () => {
    const made = await prepared();
    const [file] = made.files;
    if (!file) throw new Error("nothing was prepared");
    made.files = [{ ...file, path: "../escaped" }];
    expect(() => writePrepared(root, made)).toThrow(/lies outside/);
    expect(existsSync(join(root, "../escaped"))).toBe(false);
  });
});

describe("a run that was cut off", () => {
  test("a file that cannot be replaced leaves the others whole, and nothing half written", async () => {
    const made = await prepared();
    // A folder in the place of a file is what root cannot write to either.
    mkdirSync(join(root, "compose.yaml/in-the-way"), { recursive: true });
    expect(() => writePrepared(root, made)).toThrow(/compose\.yaml cannot be written/);
    expect(existsSync(join(root, INDEX_FILE))).toBe(false);
    for (const { path, text } of made.files)
      if (path !== "compose.yaml" && existsSync(join(root, path))) expect(read(path)).toBe(text);
    const left = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".tmp"));
    expect(left).toEqual([]);
  });

  test.each([
    ["after the files", (paths: readonly string[]) => [...paths.map(basePath), INDEX_FILE]],
    ["before the list", () => [INDEX_FILE]],
  ])("%s: the next run takes them for its own", async (_, lost) => {
    const first = await generate();
    const texts = Object.fromEntries(Object.keys(first).map((path) => [path, read(path)]));
    for (const path of lost(Object.keys(first))) rmSync(join(root, path));
    expect(new Set(Object.values(await generate()))).toEqual(new Set(["keep"]));
    for (const [path, text] of Object.entries(texts)) {
      expect(read(path)).toBe(text);
      expect(read(basePath(path))).toBe(text);
    }
    moved(4000);
    expect(await generate()).toMatchObject({ "compose.yaml": "merge", Dockerfile: "merge" });
  });

  test("with one of two new versions written: the next run writes the other", async () => {
    await generate();
    const old = { compose: read("compose.yaml"), dockerfile: read("Dockerfile") };
    moved(4000);
    const made = await prepared();
    put("Dockerfile", made.files.find(({ path }) => path === "Dockerfile")?.text ?? "");
    expect(await generate()).toMatchObject({ Dockerfile: "keep", "compose.yaml": "merge" });
    expect(read("compose.yaml")).not.toBe(old.compose);
    expect(read("Dockerfile")).not.toBe(old.dockerfile);
    expect(new Set(Object.values(await generate()))).toEqual(new Set(["keep"]));
  });
});

test("the list has the hash of the plan: it moves with what is decided, not with each line of code", async () => {
  const hash = () => JSON.parse(read(INDEX_FILE)).plan;
  await generate();
  const first = hash();
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  put("server.js", `// A line of words.\n${read("server.js")}`);
  await generate();
  expect(hash()).toBe(first);
  put("server.js", read("server.js").replace("3000", "4000"));
  await generate();
  expect(hash()).not.toBe(first);
});
