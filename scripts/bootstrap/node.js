import { accessSync, chmodSync, constants, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./run.js";

/** The oldest Node that runs TypeScript as it is. */
const OLDEST = [22, 18];

/**
 * The Node to run on: `{ path, current, root }`. The one pinned in package.json where npm has it for this platform,
 * else the present one when it is new enough. `current` means the present process is that Node already.
 */
export function findNode(root, running = { version: process.version, path: process.execPath }) {
  const platform = `${process.platform}-${process.arch}`;
  for (const name of [`node-${platform}`, `node-bin-${platform}`]) {
    const folder = join(root, "node_modules", name);
    const path = join(folder, "bin/node");
    if (!existsSync(path)) continue;
    makeExecutable(path);
    return { path, current: running.version === `v${packageJson(folder).version}`, root };
  }
  if (isNewEnough(running.version)) return { path: running.path, current: true, root };
  throw new Failure(
    `error SM-NODE: npm has no pinned Node for ${platform} and this one is ${running.version}; install Node ${OLDEST.join(".")} or newer`,
  );
}

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.slice(1).split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** The JavaScript file behind a package's command, so that it can be run with a chosen Node. */
export function packageBin(root, name, command = name.split("/").at(-1)) {
  const folder = join(root, "node_modules", name);
  if (!existsSync(folder)) throw new Failure(`error SM-INSTALL: the package ${name} is not installed; run npm ci`);
  const { bin } = packageJson(folder);
  return join(folder, typeof bin === "string" ? bin : bin[command]);
}

function packageJson(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/** npm sets the bit only for commands it links. */
function makeExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    chmodSync(path, 0o755);
  }
}
