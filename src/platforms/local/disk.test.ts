import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { copyTree } from "./files.ts";
import { createLocal } from "./index.ts";

test("a full disk is said before anything begins, and a copy that does not fit leaves nothing that looks whole", async ({
  skip,
}) => {
  const root = mkdtempSync(join(tmpdir(), "stationmaster-disk-"));
  const small = mkdtempSync(join(tmpdir(), "stationmaster-small-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", small], { stdio: "ignore" });
  } catch {
    skip("a small file system needs root and mount");
  }
  try {
    writeFileSync(join(root, "big"), Buffer.alloc(4_000_000, 1));
    const settings = { platform: "local" } as never;
    const project = () => ({ root, manifestFile: "", services: {}, settings, variable: () => undefined });
    const local = createLocal({ stateDir: small, socket: join(small, "s"), project });
    const context = { signal: AbortSignal.timeout(30_000) };
    await expect(local.connect(context)).rejects.toMatchObject({ code: "SM-DISK-FULL" });
    const to = join(small, "releases/r1/files");
    await expect(copyTree(to, { root, without: [], ownDependencies: [] })).rejects.toMatchObject({
      code: "SM-RELEASE-COPY",
      message: expect.stringContaining("ENOSPC"),
    });
    expect(await local.holds?.({ name: "r1", services: {} })).toBe(false);
  } finally {
    execFileSync("umount", [small]);
    for (const folder of [root, small]) rmSync(folder, { recursive: true, force: true });
  }
});
