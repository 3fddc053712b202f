import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commitFiles } from "./commit-files.ts";
import { scan } from "./scan.ts";
import { takeSnapshot } from "./snapshot.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "stationmaster-commit-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Record<string, string | Uint8Array>): void {
  for (const [path, body] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), body);
  }
}

describe("a commit", () => {
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", root, "-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
      stdio: "pipe",
      encoding: "utf8",
    });
  beforeEach(() => {
    git("init", "--quiet");
    write({
      "package.json": '{"scripts":{"start":"node old.js"}}',
      "old.js": "",
      "a/ü b.txt": "words",
      "pic.png": new Uint8Array([0, 1]),
      "big.txt": "x",
    });
    symlinkSync("a/ü b.txt", join(root, "link.txt"));
    symlinkSync("../outside", join(root, "away"));
    appendFileSync(join(root, "big.txt"), "y".repeat(3 << 20));
    git("add", ".");
    git("commit", "--quiet", "--message", "one");
    write({ "package.json": '{"scripts":{"start":"node new.js"}}', "later.js": "" });
  });

  test("is read as it was", async () => {
    const files = await commitFiles(root, "HEAD");
    const report = scan(files);
    expect(report.services[0]?.start).toBe("node old.js");
    const found = takeSnapshot(files);
    expect(found.paths).toEqual(["a/ü b.txt", "away", "big.txt", "link.txt", "old.js", "package.json", "pic.png"]);
    expect([found.text("link.txt"), found.text("away"), found.text("pic.png")]).toEqual([
      "words",
      undefined,
      undefined,
    ]);
    expect(files.read("big.txt", 10)).toHaveLength(10);
    expect(files.read("nothing", 10)).toBeUndefined();
  });

  test("a folder of it", async () => {
    expect(takeSnapshot(await commitFiles(join(root, "a"), "HEAD")).paths).toEqual(["ü b.txt"]);
  });

  test.each(["nothing", "--output=x", "HEAD:package.json", ""])("there is no commit %j", async (name) => {
    await expect(commitFiles(root, name)).rejects.toMatchObject({ code: "SM-SCAN-COMMIT" });
  });
});
