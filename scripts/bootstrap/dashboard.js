import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withLock } from "./lock.js";
import { packageBin } from "./node.js";
import { Failure, runChild } from "./run.js";

const SOURCES = ["web/src", "web/index.html", "web/vite.config.ts", "src/contract", "package-lock.json"];
const STAMP = "web/dist/.stamp";
const SCRATCH = ".stationmaster";

/** Builds the dashboard when its sources changed. A failed build is a warning: everything else works without it. */
export async function ensureDashboard(root, node) {
  if (!existsSync(join(root, "web/index.html")) || isBuilt(root)) return;
  await withLock(join(root, SCRATCH, "dashboard.lock"), async () => {
    if (!isBuilt(root)) await build(root, node);
  });
}

function isBuilt(root) {
  const stamp = join(root, STAMP);
  return existsSync(stamp) && readFileSync(stamp, "utf8").trim() === sourceDigest(root);
}

/** Changes with the name, size or time of any source. */
function sourceDigest(root) {
  const hash = createHash("sha256");
  for (const source of SOURCES) for (const line of describe(root, source)) hash.update(`${line}\n`);
  return hash.digest("hex");
}

function describe(root, path) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (!stat) return [];
  if (!stat.isDirectory()) return [`${path} ${stat.size} ${stat.mtimeMs}`];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => describe(root, `${path}/${name}`));
}

async function build(root, node) {
  console.error("Building the dashboard: its sources changed");
  const digest = sourceDigest(root);
  const argv = [packageBin(root, "vite"), "build", "--logLevel", "warn"];
  const result = await runChild(node.path, argv, {
    cwd: join(root, "web"),
    env: { ...process.env, NODE_ENV: "production" },
    capture: true,
  });
  if (result.signal) throw new Failure("", 1, result.signal);
  if (result.code === 0) return writeFile(join(root, STAMP), `${digest}\n`);
  const log = join(SCRATCH, "dashboard.log");
  await mkdir(join(root, SCRATCH), { recursive: true });
  await writeFile(join(root, log), result.output);
  console.error(
    `warning SM-DASHBOARD: the dashboard was not built (vite ended with ${result.code}); everything else works, details in ${log}`,
  );
}
