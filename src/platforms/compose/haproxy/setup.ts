import { createHash } from "node:crypto";
import { ExternalError, UserError } from "../../../core/errors.ts";
import type { Host } from "../../../exec/host.ts";
import type { ConfigOptions } from "./config.ts";
import { filesIn } from "./files.ts";
import { keepScript } from "./keep-script.ts";

const ASK_MS = 30_000;
const OLDEST = [2, 6] as const;
/** `nobody` on every Linux. */
const NOBODY = 65_534;

export interface ProxyOptions {
  host: Host;
  /** Of the proxy alone, on the host. */
  folder: string;
  /** Left out: looked for where packages put it. */
  binary?: string;
  /** Such as `["sudo", "-n"]`. */
  prefix?: readonly string[];
  /** Used where no binary is found. */
  container?: { image: string; docker?: readonly string[] };
}

/** How the proxy runs on this host; programs as argv. */
export interface Setup {
  config: ConfigOptions;
  check: string[];
  /** Ends at once, see `renderProbe`. */
  probe: string[];
  /** Left out where the script `keep` does it. */
  start?: string[];
  /** To be written to `files.keep`. */
  keep: string;
  stop(master: number): string[];
  /** Removes what an ended proxy left. */
  clear?: string[];
  /** What it is made of. `ask` prints what is installed (`haproxy -v`), or the image of the container that is there. */
  made: { of: "program"; ask: string[] } | { of: "image"; image: string; ask: string[] };
}

/** `UserError` `SM-PROXY-MISSING` when the host has no HAProxy of at least 2.6 and no image is given. */
export async function findSetup(options: ProxyOptions, signal: AbortSignal): Promise<Setup> {
  const { host, folder, binary, prefix = [], container } = options;
  const me = await userId(host, [], signal);
  const root = prefix.length > 0 ? await userId(host, prefix, signal) : me;
  const found = await findBinary(
    host,
    binary ? [binary] : ["/usr/sbin/haproxy", "/usr/local/sbin/haproxy", "haproxy"],
    signal,
  );
  const asRoot = found ? root === 0 : true;
  const config: ConfigOptions = { folder, ...(root === me ? {} : { owner: me }), ...(asRoot ? { runAs: NOBODY } : {}) };
  if (found) return binarySetup([...prefix], found, config);
  if (container)
    return containerSetup([...prefix, ...(container.docker ?? ["docker"])], container.image, { ...config, owner: me });
  throw new UserError({
    code: "SM-PROXY-MISSING",
    message: `${host.name}: HAProxy ${OLDEST.join(".")} or newer is not installed`,
    next: `install it there, e.g. apt-get install haproxy`,
  });
}

async function userId(host: Host, prefix: readonly string[], signal: AbortSignal): Promise<number> {
  const { code, stdout, stderr } = await host.run([...prefix, "id", "-u"], { deadlineMs: ASK_MS, signal });
  const id = Number.parseInt(stdout, 10);
  if (code === 0 && Number.isInteger(id)) return id;
  throw new ExternalError({
    code: "SM-PROXY-USER",
    message: `${host.name}: ${[...prefix, "id"].join(" ")} failed: ${stderr.trim()}`,
    next: "allow that user to run programs with sudo and without a password, or leave out `sudo`",
  });
}

async function findBinary(host: Host, places: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  for (const place of places) {
    const { code, stdout } = await host.run([place, "-v"], { deadlineMs: ASK_MS, signal });
    if (code === 0 && isNewEnough(stdout)) return place;
  }
  return undefined;
}

/** Reads the first line of `haproxy -v`. */
export function isNewEnough(text: string): boolean {
  const [, major = 0, minor = 0] = (/version (\d+)\.(\d+)/i.exec(text) ?? []).map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

function masterSocket({ folder, owner }: ConfigOptions): string {
  return `${filesIn(folder).master},mode,600${owner === undefined ? "" : `,uid,${owner}`}`;
}

function binarySetup(prefix: string[], binary: string, config: ConfigOptions): Setup {
  const files = filesIn(config.folder);
  const haproxy = [...prefix, binary];
  return {
    config,
    check: [...haproxy, "-c", "-f", files.draft],
    probe: [...haproxy, "-db", "-f", files.probe],
    keep: keepScript(config.folder, [
      ...haproxy,
      "-W",
      "-db",
      "-p",
      files.pid,
      "-S",
      masterSocket(config),
      "-f",
      files.config,
    ]),
    stop: (master) => [...prefix, "kill", "-TERM", String(master)],
    made: { of: "program", ask: [binary, "-v"] },
  };
}

function containerSetup(docker: string[], image: string, config: ConfigOptions): Setup {
  const { folder } = config;
  const files = filesIn(folder);
  const name = `stationmaster-proxy-${createHash("sha256").update(folder).digest("hex").slice(0, 8)}`;
  const place = [
    "--network",
    "host",
    "--user",
    "0:0",
    "--volume",
    `${folder}:${folder}`,
    "--entrypoint",
    "haproxy",
    image,
  ];
  return {
    config,
    check: [...docker, "run", "--rm", ...place, "-c", "-f", files.draft],
    probe: [...docker, "run", "--rm", ...place, "-db", "-f", files.probe],
    start: [
      ...docker,
      "run",
      "--detach",
      "--name",
      name,
      "--restart",
      "unless-stopped",
      ...place,
      "-W",
      "-db",
      "-S",
      masterSocket(config),
      "-x",
      files.listeners,
      "-f",
      files.config,
    ],
    keep: keepScript(folder),
    stop: () => [...docker, "rm", "--force", name],
    clear: [...docker, "rm", "--force", name],
    made: { of: "image", image, ask: [...docker, "inspect", "--format", "{{.Config.Image}}", name] },
  };
}

/** Nothing to it: then it opens its sockets itself. */
const NO_SOCKETS = "Failed to get the sockets";

/** The first alert that counts in what HAProxy writes to standard error, without its decoration. */
export function alertIn(stderr: string): string {
  const alerts = [...stderr.matchAll(/^\[ALERT\]\s+\(\d+\) : (.*)$/gm)].map(([, text = ""]) => text);
  return alerts.find((text) => !text.startsWith(NO_SOCKETS)) ?? (stderr.trim().slice(-300) || "no reason given");
}
