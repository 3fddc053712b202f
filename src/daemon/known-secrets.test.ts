import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { insertRelease } from "../store/releases.ts";
import { createTestDatabase } from "../store/testing.ts";
import { type Engine, openEngine } from "./engine.ts";
import { findPlace } from "./place.ts";

const MANIFEST = `
project: shop
services:
  api:
    start: node server.js
    env: { TOKEN: "\${secret:API_TOKEN}", USER: "\${secret:DB_USER}", GONE: "\${secret:NOT_SET_ANYWHERE}" }
environments:
  local: { platform: local, env: { SHARED: "x-\${secret:SHARED_KEY}" } }
notify:
  ops: { kind: webhook, url: "\${secret:HOOK}", secret: "\${secret:HOOK_KEY}" }
`;
const DOTENV = "SHARED_KEY=shared-one\nHOOK=http://127.0.0.1:9/hook/path-one\nHOOK_KEY=hook-key-one\nDB_USER=shop\n";

let root: string;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
const engines: Engine[] = [];
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "stationmaster-known-"));
  database = await createTestDatabase();
  vi.stubEnv("DATABASE_URL", database.url);
  vi.stubEnv("API_TOKEN", "token-one");
  writeFileSync(join(root, "stationmaster.yaml"), MANIFEST);
  writeFileSync(join(root, ".env"), DOTENV);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const engine of engines.splice(0)) await engine.close();
  await database.drop();
  rmSync(root, { recursive: true, force: true });
});

async function open(): Promise<Engine> {
  const place = findPlace({ config: join(root, "stationmaster.yaml"), state: join(root, "state") });
  const engine = await openEngine(place);
  engines.push(engine);
  return engine;
}

test("whoever opens the engine hides every secret of the manifest, before any of them was used", async () => {
  const { redact } = await open();
  const said = "token-one shared-one http://127.0.0.1:9/hook/path-one hook-key-one";
  expect(redact(said)).toBe("••• ••• ••• •••");
  // One that is a name of the manifest hides nothing and would blank it in every answer.
  expect(redact("shop of shop")).toBe("shop of shop");
});

test("a secret that changed is hidden in both its values", async () => {
  const { redact, read } = await open();
  writeFileSync(join(root, ".env"), DOTENV.replace("hook-key-one", "hook-key-two"));
  read();
  expect(redact("hook-key-one hook-key-two")).toBe("••• •••");
});

test("a secret that only a kept release still uses is hidden", async () => {
  const { store } = await open();
  const services = { api: { env: { OLD: "${secret:OLD_KEY}" } } } as never;
  await insertRelease(store.db, { app: "shop", name: "r1", commit: null, configHash: "h", services });
  vi.stubEnv("OLD_KEY", "old-key-one");
  expect((await open()).redact("old-key-one")).toBe("•••");
});
