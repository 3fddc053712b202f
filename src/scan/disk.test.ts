import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { diskFiles } from "./disk-files.ts";
import { type Files, memoryFiles } from "./files.ts";
import { openFolder } from "./open.ts";
import { scan } from "./scan.ts";
import { takeSnapshot } from "./snapshot.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "stationmaster-disk-"));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(files: Record<string, string | Uint8Array>): void {
  for (const [path, body] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), body);
  }
}
const snapshot = (limits = {}) => takeSnapshot(diskFiles(root), limits);
const told = (found: ReturnType<typeof snapshot>) => found.warnings.map(({ message, file }) => `${file}: ${message}`);

describe("folders and links", () => {
  test("what is written is seen, what builds and others wrote is not", () => {
    write({
      ".gitignore": "*.log\n/out\n!keep.log\n",
      "a.js": "",
      "x.log": "",
      "keep.log": "",
      "out/a.js": "",
      "src/out/b.js": "",
      "node_modules/x/index.js": "",
      "src/coverage/claim.ts": "",
      "target/x": "",
      "rust/Cargo.toml": "",
      "rust/target/x": "",
      "env/pyvenv.cfg": "",
      "env/lib/x.py": "",
      "sub/.gitignore": "!x.log\n",
      "sub/x.log": "",
    });
    expect(snapshot().paths).toEqual([
      ".gitignore",
      "a.js",
      "keep.log",
      "rust/Cargo.toml",
      "src/coverage/claim.ts",
      "src/out/b.js",
      "sub/.gitignore",
      "sub/x.log",
      "target/x",
    ]);
  });

  test("links that loop, leave the folder or lead nowhere are told and not followed", () => {
    const outside = mkdtempSync(join(tmpdir(), "stationmaster-outside-"));
    write({ "a/b.txt": "b" });
    writeFileSync(join(outside, "secret"), "s");
    symlinkSync(root, join(root, "a/loop"));
    symlinkSync("self", join(root, "self"));
    symlinkSync(outside, join(root, "out"));
    symlinkSync(join(outside, "secret"), join(root, "secret"));
    symlinkSync("nothing", join(root, "broken"));
    symlinkSync("a/b.txt", join(root, "link.txt"));
    try {
      const found = snapshot();
      expect(found.paths).toEqual(["a/b.txt", "link.txt"]);
      expect(found.text("link.txt")).toBe("b");
      expect(told(found).sort()).toEqual([
        "a/loop: a link to a folder",
        "broken: cannot be looked at: ENOENT",
        "out: a link out of the repository",
        "secret: a link out of the repository",
        "self: cannot be looked at: ELOOP",
      ]);
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  test("a link that leads out later is not read", () => {
    write({ "a.txt": "a" });
    const files = diskFiles(root);
    expect(files.list(".").files).toHaveLength(1);
    rmSync(join(root, "a.txt"));
    mkdirSync(join(root, "a.txt"));
    expect(files.read("a.txt", 10)).toBeUndefined();
  });

  test("pipes and other things that are no files", () => {
    execFileSync("sh", ["-c", 'mkfifo "$0"', join(root, "package.json")]);
    const found = snapshot();
    expect(told(found)).toEqual(["package.json: neither file nor folder"]);
    expect(diskFiles(root).read("package.json", 100)).toBeUndefined();
  });

  test.skipIf(process.getuid?.() === 0)("a folder that cannot be read", () => {
    write({ "closed/a.js": "", "b.js": "" });
    chmodSync(join(root, "closed"), 0);
    const found = snapshot();
    chmodSync(join(root, "closed"), 0o755);
    expect(found.paths).toEqual(["b.js"]);
    expect(told(found)).toEqual(["closed: cannot be read: EACCES"]);
  });

  test("a folder that is gone, a file that cannot be read", () => {
    const files: Files = {
      root: "x",
      list: (folder) =>
        folder === "."
          ? { files: [{ path: "package.json", size: 5 }], folders: ["gone"], problems: [] }
          : { files: [], folders: [], problems: [{ path: "gone", message: "cannot be read: ENOENT" }] },
      read: () => undefined,
    };
    const report = scan(files);
    expect(report.warnings.map(({ message }) => message)).toEqual(
      expect.arrayContaining(["cannot be read: ENOENT", "cannot be read"]),
    );
  });

  test.each([
    "constructor",
    "__proto__",
    "toString",
    "...",
    "a b",
    "ü",
    "-rf",
    "$(x)",
    "a\\b",
    "a\nb",
    "a\u001b[31m",
    "%s",
    "*",
    "[x]",
    "#",
    "!x",
  ])("a folder with the name %j", (name) => {
    write({
      [`${name}/package.json`]: '{"scripts":{"start":"node a.js"}}',
      [`${name}/a.js`]: "",
      ".gitignore": "[\n*.x\n",
    });
    const report = scan(diskFiles(root));
    expect(report.services.map(({ path }) => path)).toEqual([name]);
  });

  test("a name that is no UTF-8", () => {
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0xfe, 0x2e, 0x6a, 0x73])]), "x");
    expect(scan(diskFiles(root)).services).toEqual([]);
  });
});

describe("sizes", () => {
  test("a file of 50 MB is read to its head", () => {
    write({ "big.json": '{"a":1' });
    truncateSync(join(root, "big.json"), 50 << 20);
    write({ "big.js": "" });
    appendFileSync(join(root, "big.js"), "x = 1;\n".repeat(200_000));
    const found = snapshot();
    expect(found.text("big.js")).toHaveLength(64 << 10);
    expect(found.json("big.json").value).toBeUndefined();
    expect(told(found)).toEqual([
      expect.stringMatching(/^big\.js: only the first 65536 of 1400000 bytes/),
      "big.json: is no text",
    ]);
  });

  test("a manifest that is a picture", () => {
    write({ "package.json": new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]), "server.js": "" });
    const report = scan(diskFiles(root));
    expect(report.warnings).toContainEqual({ message: "is no text", file: "package.json" });
  });

  test("what a part of a file tells is marked so", () => {
    write({ "go.mod": "module shop\n", "main.go": `package main\nfunc main() {}\n//${"x".repeat(2 ** 20)}\n` });
    const { facts } = scan(diskFiles(root));
    expect(Object.keys(facts).length).toBeGreaterThan(2);
    for (const { evidence, truncated } of Object.values(facts))
      expect(truncated).toBe(evidence.some(({ file }) => file === "main.go") ? true : undefined);
  });

  test("limits are told once", () => {
    write(Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`d/${at}.js`, "x".repeat(100)])));
    const few = snapshot({ files: 10 });
    expect([few.paths.length, few.truncated, told(few)]).toEqual([
      10,
      true,
      ["undefined: only the first 10 files were looked at"],
    ]);
    const small = snapshot({ bytes: 1_000 });
    for (const path of small.paths) small.text(path);
    expect([small.truncated, told(small)]).toEqual([true, ["undefined: files beyond 1000 bytes in all were not read"]]);
    write({ [`${"n/".repeat(30)}a.js`]: "" });
    expect(told(snapshot())).toEqual([expect.stringContaining("folders deeper than 24 were not looked at")]);
  });

  test("a hundred thousand files cost no more each than a few thousand", () => {
    const timed = (count: number) => {
      const files = Object.fromEntries(Array.from({ length: count }, (_, at) => [`src/${at % 500}/${at}.txt`, ""]));
      const start = performance.now();
      const report = scan(memoryFiles({ ...files, "package.json": '{"scripts":{"start":"node a.js"}}' }));
      return { report, took: performance.now() - start };
    };
    const few = timed(5_000);
    const { report, took } = timed(100_000);
    expect(report.warnings.map(({ message }) => message)).toContain("only the first 50000 files were looked at");
    expect(report.services).toHaveLength(1);
    expect(took).toBeLessThan(20 * 5 * few.took);
  });
});

describe("repositories in repositories", () => {
  test("are told and left out", () => {
    write({
      ".git/config": "",
      ".gitmodules": '[submodule "lib"]\n\tpath = vendored/lib\n\turl = x\n[submodule "up"]\n\tpath = ../up\n',
      "vendored/lib/package.json": '{"scripts":{"start":"node a.js"}}',
      "clone/.git/HEAD": "",
      "clone/package.json": '{"scripts":{"start":"node a.js"}}',
      "worktree/.git": "gitdir: elsewhere",
      "worktree/go.mod": "module x",
      "app/package.json": '{"scripts":{"start":"node a.js"}}',
    });
    const report = scan(diskFiles(root));
    expect(report.services.map(({ path }) => path)).toEqual(["app"]);
    expect(report.warnings).toEqual(
      expect.arrayContaining([
        { file: "vendored/lib", message: "a submodule: not looked at" },
        { file: "clone", message: "a repository of its own: not looked at" },
        { file: "worktree", message: "a repository of its own: not looked at" },
      ]),
    );
  });

  test("what .gitattributes calls foreign is no code of the application", () => {
    write({
      ".gitattributes": "third/** linguist-vendored\n*.gen.js linguist-generated=true\n",
      "package.json": '{"dependencies":{"express":"4"},"scripts":{"start":"node a.js"}}',
      "a.gen.js": 'app.get("/health", f);',
      "third/b.js": 'app.get("/healthz", f);',
      "a.js": "app.listen(process.env.PORT)",
    });
    const found = snapshot();
    expect(found.paths.filter((path) => found.foreign(path))).toEqual(["a.gen.js", "third/b.js"]);
    expect(scan(diskFiles(root)).services[0]?.health).toBeNull();
  });
});

test("no folder is a mistake of the user", () => {
  expect(() => openFolder(join(root, "nothing"))).toThrow(expect.objectContaining({ code: "SM-SCAN-FOLDER" }));
});
