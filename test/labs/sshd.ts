import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { kill } from "../lab/processes.ts";
import { until } from "../lab/until.ts";

const SSHD = "/usr/sbin/sshd";

export interface SshdOptions {
  folder: string;
  /** As the manifest and `ssh` call it. */
  name: string;
  address: string;
  /** A free one where nothing is said; 22 behind a `prefix`, where we cannot look. */
  port?: number;
  /** Put before sshd, such as `ip netns exec h1`. */
  prefix?: readonly string[];
  /** Further lines of sshd_config. */
  settings?: Record<string, string>;
}

export interface Sshd {
  name: string;
  address: string;
  port: number;
  /** For an ssh_config: everything a client needs, with the host's key already known. */
  configBlock: string;
  /** The listener and its connections, for those who stop or kill them. */
  pids(): number[];
  stop(): Promise<void>;
}

/** What this machine lacks for an sshd of our own; undefined: nothing. */
export function missingSshd(): string | undefined {
  if (process.platform !== "linux") return "Linux";
  if (!existsSync(SSHD)) return "openssh-server";
  const absent = ["ssh", "ssh-keygen"].find((program) => !onPath(program));
  return absent && `openssh-client (${absent})`;
}

function onPath(program: string): boolean {
  return (process.env.PATH ?? "").split(":").some((folder) => existsSync(join(folder, program)));
}

/** Starts a real sshd with keys of its own below `folder`/`name`. */
export async function startSshd(options: SshdOptions): Promise<Sshd> {
  const { name, address, prefix = [] } = options;
  const folder = join(options.folder, name);
  const port = options.port ?? (prefix.length > 0 ? 22 : await freePort(address));
  mkdirSync(folder, { recursive: true });
  // sshd changes into it before it knows who comes; packages make it at boot.
  if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  const files = writeFiles(folder, address, port, options.settings);
  const [program = SSHD, ...args] = [...prefix, SSHD, "-D", "-f", files.config, "-E", files.log];
  const child = spawn(program, args, { stdio: "ignore", detached: true });
  await until(`sshd of ${name}`, () => child.exitCode !== null || answers(address, port));
  if (child.exitCode !== null) throw new Error(`sshd of ${name}: ${readFileSync(files.log, "utf8")}`);
  return {
    name,
    address,
    port,
    configBlock: [
      `Host ${name}`,
      `  HostName ${address}`,
      `  Port ${port}`,
      `  User ${userInfo().username}`,
      `  IdentityFile ${files.userKey}`,
      "  IdentitiesOnly yes",
      `  UserKnownHostsFile ${files.knownHosts}`,
      "  StrictHostKeyChecking yes",
      "",
    ].join("\n"),
    pids: () => tree(child.pid ?? 0),
    stop: () => stop(child),
  };
}

/** Connections are children that outlive the listener, so they are looked up before it ends. */
async function stop(child: ChildProcess): Promise<void> {
  for (const pid of tree(child.pid ?? 0)) kill(pid, "SIGKILL");
  await until("the end of sshd", () => child.exitCode !== null || child.signalCode !== null);
}

function writeFiles(folder: string, address: string, port: number, further: Record<string, string> = {}) {
  const file = (name: string) => join(folder, name);
  mkdirSync(file("home"), { recursive: true });
  for (const key of ["host_key", "user_key"]) {
    if (existsSync(file(key))) continue;
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", key, "-f", file(key)]);
  }
  const settings = {
    Port: port,
    ListenAddress: address,
    HostKey: file("host_key"),
    AuthorizedKeysFile: file("user_key.pub"),
    PidFile: file("sshd.pid"),
    StrictModes: "no",
    UsePAM: "no",
    PermitRootLogin: "prohibit-password",
    PasswordAuthentication: "no",
    KbdInteractiveAuthentication: "no",
    MaxStartups: "100",
    PrintMotd: "no",
    // Login scripts of whoever runs the tests take their time, and a test that kills them leaves their locks behind.
    SetEnv: `HOME=${file("home")}`,
    ...further,
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key} ${value}\n`);
  writeFileSync(file("sshd_config"), lines.join(""));
  const [kind, key] = readFileSync(file("host_key.pub"), "utf8").split(" ");
  writeFileSync(file("known_hosts"), `${port === 22 ? address : `[${address}]:${port}`} ${kind} ${key}\n`);
  return {
    config: file("sshd_config"),
    log: file("sshd.log"),
    userKey: file("user_key"),
    knownHosts: file("known_hosts"),
  };
}

/** A process and all below it (Linux). */
function tree(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // Ended meanwhile.
    }
  }
  const found = parents.has(root) ? [root] : [];
  for (const pid of found) for (const [child, parent] of parents) if (parent === pid) found.push(child);
  return found;
}

function answers(address: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host: address, port });
    socket.once("connect", () => done(true)).once("error", () => done(false));
    socket.once("connect", () => socket.destroy());
  });
}

function freePort(address: string): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer().once("error", fail);
    server.listen({ host: address, port: 0 }, () => {
      const bound = server.address();
      server.close(() => done(typeof bound === "object" && bound ? bound.port : 0));
    });
  });
}
