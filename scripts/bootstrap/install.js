import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { withLock } from "./lock.js";
import { Failure, runChild } from "./run.js";

const STAMP = "node_modules/.stationmaster-lock";
const SCRATCH = ".stationmaster";

/** Runs `npm ci` when package-lock.json is not what `node_modules` was made from. Two at once: the second waits and finds it done. */
export async function ensureInstalled(root) {
  if (whyInstall(root) === undefined) return;
  const waiting = (pid) =>
    console.error(
      `Waiting for process ${pid ?? "?"}, which is installing the packages (${join(SCRATCH, "install.lock")})`,
    );
  await withLock(
    join(root, SCRATCH, "install.lock"),
    async () => {
      const reason = whyInstall(root);
      if (reason === undefined) return;
      const digest = lockDigest(root);
      if (!isInstalledByHand(root)) await install(root, reason);
      await writeFile(join(root, `${STAMP}.new`), `${digest}\n`);
      await rename(join(root, `${STAMP}.new`), join(root, STAMP));
    },
    waiting,
  );
}

/** One phrase for people; undefined when nothing is to do. */
function whyInstall(root) {
  if (!existsSync(join(root, "node_modules"))) return "node_modules is missing";
  if (!existsSync(join(root, STAMP))) return "node_modules is not complete";
  return readFileSync(join(root, STAMP), "utf8").trim() === lockDigest(root)
    ? undefined
    : "package-lock.json has changed";
}

function lockDigest(root) {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}

/** Whether someone ran `npm ci` themselves: npm's own record of node_modules, written last, holds each package of the lock file. */
function isInstalledByHand(root) {
  const record = join(root, "node_modules/.package-lock.json");
  if (existsSync(join(root, STAMP)) || !existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const present = JSON.parse(readFileSync(record, "utf8")).packages;
  const same = ([path, entry]) =>
    path === "" ||
    entry.link ||
    (present[path] ? present[path].version === entry.version : entry.optional || entry.peer);
  return Object.entries(wanted).every(same) && Object.keys(present).every((path) => path in wanted);
}

async function install(root, reason) {
  console.error(`Installing the packages: ${reason} (npm ci, about a minute)`);
  await rm(join(root, STAMP), { force: true });
  // A user's settings may leave out what the tests, or this platform's Node, need.
  const options = [
    "ci",
    "--ignore-scripts",
    "--include=dev",
    "--include=optional",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  const [program, ...first] = npmCommand();
  const result = await runChild(program, [...first, ...options], { cwd: root, capture: true }).catch((error) => {
    throw new Failure(`error SM-INSTALL: npm cannot be started (${error.code}); install Node.js together with npm`);
  });
  if (result.code === 0) return;
  const log = join(SCRATCH, "install.log");
  await mkdir(join(root, SCRATCH), { recursive: true });
  await writeFile(join(root, log), result.output);
  if (result.signal) throw new Failure("", 1, result.signal);
  throw new Failure(
    `error SM-INSTALL: npm ci failed (exit ${result.code}): ${cause(result.output)}; mend that and run the command again, details in ${log}`,
    result.code,
  );
}

/** npm run by this same Node where npm started us; another package manager sets the same variable. */
function npmCommand() {
  const script = process.env.npm_execpath ?? "";
  return /^npm(-cli)?\.c?js$/.test(basename(script)) ? [process.execPath, script] : ["npm"];
}

/** The first line that says something; npm begins with `code` and `errno` lines. */
function cause(output) {
  const lines = output.split("\n").map((line) => line.replace(/^npm (error|ERR!) ?/, "").trim());
  return (
    lines.find((line) => line !== "" && !/^(code|errno|syscall|path|A complete log)\b/.test(line)) ??
    "no reason was printed"
  );
}
