// What `npm start`, `npm test` and the like run first. Plain JavaScript without packages: it works on Node 20 in a fresh clone.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDashboard } from "./bootstrap/dashboard.js";
import { ensureInstalled } from "./bootstrap/install.js";
import { findNode, packageBin } from "./bootstrap/node.js";
import { exitAs, Failure, runChild, runMain } from "./bootstrap/run.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const [verb = "", ...args] = process.argv.slice(2);

const VERBS = {
  start: async (node) => {
    await ensureDashboard(ROOT, node);
    return runMain(node, join(ROOT, "src/cli/main.ts"), ["up", ...configOf(args), ...args]);
  },
  /** For where `up` is run without `npm start`, such as on a server after `npm ci`. */
  build: (node) => ensureDashboard(ROOT, node),
  test: async (node) => {
    await ensureDashboard(ROOT, node);
    return runChild(node.path, [packageBin(ROOT, "vitest"), "run", ...args], { cwd: ROOT, env: environment() });
  },
  bench: (node) => runMain(node, join(ROOT, "bench/main.ts"), args),
  docs: (node) => runMain(node, join(ROOT, "scripts/docs.ts"), args),
  check,
};

try {
  const run = VERBS[verb];
  if (!run) throw new Failure(`error SM-USAGE: bootstrap.js takes ${Object.keys(VERBS).join(", ")}`, 2);
  await ensureInstalled(ROOT);
  const result = await run(findNode(ROOT));
  if (result) exitAs(result);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  if (error.message) console.error(error.message);
  exitAs(error.result);
}

/** The bundled example, unless the user names a manifest. */
function configOf(given) {
  const named =
    process.env.STATIONMASTER_CONFIG || given.some((arg) => arg === "--config" || arg.startsWith("--config="));
  return named ? [] : ["--config", join(ROOT, "examples/shop/stationmaster.yaml")];
}

/** Programs that a test starts by name are those of the repository. */
function environment() {
  return { ...process.env, PATH: `${join(ROOT, "node_modules/.bin")}:${process.env.PATH ?? ""}` };
}

/** Runs every house rule that is configured, also after one has failed; ends with 1 when any did. */
async function check(node) {
  const folders = ["src", "web/src", "bench", "test", "examples"].filter((folder) => existsSync(join(ROOT, folder)));
  const rules = [
    { needs: "biome.json", argv: ["@biomejs/biome", "ci", "."] },
    { needs: "tsconfig.json", argv: ["@typescript/native", "-p", "tsconfig.json"], bin: "tsc" },
    { needs: "web/tsconfig.json", argv: ["@typescript/native", "-p", "web/tsconfig.json"], bin: "tsc" },
    {
      needs: ".dependency-cruiser.cjs",
      argv: ["dependency-cruiser", "--config", ".dependency-cruiser.cjs", ...folders],
      bin: "depcruise",
    },
    { needs: "knip.json", argv: ["knip", ...args] },
  ];
  const failed = [];
  for (const { needs, argv, bin } of rules) {
    if (!existsSync(join(ROOT, needs))) continue;
    const [name, ...options] = argv;
    console.error(`— ${bin ?? name.split("/").at(-1)} (${needs})`);
    const result = await runChild(node.path, [packageBin(ROOT, name, bin), ...options], {
      cwd: ROOT,
      env: environment(),
    });
    if (result.signal) return result;
    if (result.code !== 0) failed.push(needs);
  }
  if (failed.length > 0) console.error(`failed: ${failed.join(", ")}`);
  return { code: failed.length > 0 ? 1 : 0, signal: null };
}
