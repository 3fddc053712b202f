import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { git as runGit } from "../../../test/lab/repository.ts";
import { listRemote, wantedRefs } from "./remote.ts";

let root: string;
const git = (...args: string[]) => runGit(root, ...args);
const commit = async (text: string) => {
  writeFileSync(join(root, "file"), text);
  await git("add", ".");
  await git("commit", "-qm", text);
  return await git("rev-parse", "HEAD");
};

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "stationmaster-remote-"));
  await git("init", "-q", "-b", "main");
  await commit("one");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("a repository with branches and pull requests", () => {
  let own: string;
  let strange: string;
  beforeAll(async () => {
    await git("checkout", "-qb", "feature/login");
    own = await commit("two");
    await git("checkout", "-q", "--detach");
    strange = await commit("three");
    // As GitHub shows them: 7 from a branch of the repository, 8 from a fork, 9 closed, 10 in conflict.
    for (const [number, head, open] of [
      [7, own, true],
      [8, strange, true],
      [9, own, false],
      [10, strange, false],
    ] as const) {
      await git("update-ref", `refs/pull/${number}/head`, head);
      if (open) await git("update-ref", `refs/pull/${number}/merge`, head);
    }
    await git("branch", "stable", "main");
    await git("checkout", "-q", "main");
  });

  test("branches apart from the default one and those of other environments have a preview", async () => {
    const found = await listRemote(root);
    expect(found.head).toBe("refs/heads/main");
    const options = { per: "branch", kept: ["stable"], known: [] } as const;
    expect(wantedRefs(found, options)).toEqual([
      { env: "br-feature-login", ref: "refs/heads/feature/login", commit: own, fork: false },
    ]);
  });

  test("open pull requests have one, the newest first; one that no branch here belongs to counts as a fork's", async () => {
    const found = await listRemote(root);
    expect(wantedRefs(found, { per: "pull-request", kept: [], known: [] })).toEqual([
      { env: "pr-8", ref: "refs/pull/8/head", commit: strange, fork: true },
      { env: "pr-7", ref: "refs/heads/feature/login", commit: own, fork: false },
    ]);
  });
});

test("a repository that is not there is told with its address, and one that wants a password is not asked for long", async () => {
  await expect(listRemote(join(root, "nothing"))).rejects.toMatchObject({
    code: "SM-PREVIEW-REMOTE",
    message: expect.stringContaining("nothing"),
    retryable: true,
  });
  const server = createServer((_, response) => response.writeHead(401, { "www-authenticate": "Basic" }).end());
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await expect(listRemote(`http://127.0.0.1:${port}/x.git`)).rejects.toMatchObject({
    code: "SM-PREVIEW-REMOTE",
  });
  server.close();
});

test("a repository that never answers is given up with the caller", async () => {
  const server = createServer(() => {});
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const gone = AbortSignal.timeout(500);
  await expect(listRemote(`http://127.0.0.1:${port}/x.git`, gone)).rejects.toMatchObject({ name: "TimeoutError" });
  server.closeAllConnections();
  server.close();
});
