import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { prepare } from "./prepare.ts";
import { reportOf } from "./report.ts";
import { openRepository } from "./repository.ts";
import { readBelow, writePrepared } from "./write.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "conflict-"));
  const manifest = { name: "api", scripts: { start: "node server.js" }, dependencies: { express: "4" } };
  put("package.json", JSON.stringify(manifest));
  put("package-lock.json", "{}\n");
  moved(3000);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const KINDS = ["dockerfile", "compose", "env-example"];
const prepared = () =>
  prepare({ plan: openRepository(root).plan, current: readBelow(root), today: "2026-11-22", kinds: KINDS });
const generate = async () => writePrepared(root, await prepared());
const put = (path: string, text: string | Uint8Array) => writeFileSync(join(root, path), text);
const read = (path: string) => readFileSync(join(root, path), "utf8");
const moved = (port: number) => put("server.js", `require("express")().listen(process.env.PORT || ${port});\n`);

const edited = () => read("Dockerfile").replace(/^CMD.*$/m, 'CMD ["node", "mine.js"]');

test("a Dockerfile with a conflict stays byte by byte; ours lies beside it, and goes when it is taken", async () => {
  await generate();
  put("Dockerfile", edited().replaceAll("\n", "\r\n"));
  const before = read("Dockerfile");
  put("other.js", "");
  put("package.json", read("package.json").replace("node server.js", "node other.js"));
  const made = await prepared();
  expect(made.files.find(({ path }) => path === "Dockerfile")?.action).toBe("conflict");
  const told = reportOf(made, root);
  expect(told.proposed).toEqual(["Dockerfile.proposed"]);
  expect(told.modified).not.toContain("Dockerfile");
  writePrepared(root, made);
  expect(read("Dockerfile")).toBe(before);
  const ours = read("Dockerfile.proposed");
  expect(ours).toContain("other.js");
  await generate();
  expect(read("Dockerfile.proposed")).toBe(ours);
  put("Dockerfile", ours);
  await generate();
  expect(existsSync(join(root, "Dockerfile.proposed"))).toBe(false);
});

test("--json has the hash of the bytes on the disk, also of files with other line ends", async () => {
  await generate();
  put("compose.yaml", `\uFEFF${read("compose.yaml").replaceAll("\n", "\r\n")}`);
  moved(4000);
  const made = await prepared();
  const told = reportOf(made, root).files;
  writePrepared(root, made);
  expect(reportOf(await prepared(), root).files.map(({ sha256 }) => sha256)).toEqual(told.map(({ sha256 }) => sha256));
  for (const { path, sha256 } of told)
    expect(
      createHash("sha256")
        .update(readFileSync(join(root, path)))
        .digest("hex"),
      path,
    ).toBe(sha256);
});

test("bytes that are no UTF-8 are not lost", async () => {
  await generate();
  const latin = Buffer.concat([Buffer.from(read("Dockerfile")), Buffer.from("# caf\xe9\n", "latin1")]);
  put("Dockerfile", latin);
  moved(4000);
  const { files } = await prepared();
  expect(files.find(({ path }) => path === "Dockerfile")).toMatchObject({ action: "conflict" });
  await generate();
  expect(readFileSync(join(root, "Dockerfile")).equals(latin)).toBe(true);
});
