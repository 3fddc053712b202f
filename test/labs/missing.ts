import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { labEnv } from "./run.ts";

const CAPABILITIES = { "change the network": 12n, mount: 21n };
const FOR_DOCKER = ["docker", "dockerd", "containerd", "runc", "ip", "unshare", "setpriv", "busybox", "ldd"];

/** Why no engine can be started here; undefined when one can. */
export function missingDocker(): string | undefined {
  if (process.platform !== "linux") return "an engine of one's own needs Linux";
  if (process.getuid?.() !== 0) return "starting dockerd needs root";
  const absent = FOR_DOCKER.filter((program) => !findProgram(program));
  if (absent.length > 0) return `not installed: ${absent.join(", ")}`;
  const held = BigInt(`0x${/^CapEff:\s*(\w+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0"}`);
  const denied = Object.entries(CAPABILITIES).filter(([, bit]) => (held & (1n << bit)) === 0n);
  if (denied.length > 0) return `this root may not ${denied.map(([what]) => what).join(" or ")}`;
  if (!["cgroup.controllers", "memory", "pids"].some((name) => existsSync(`/sys/fs/cgroup/${name}`)))
    return "no control groups below /sys/fs/cgroup";
  if (!hasOverlay()) return "the kernel has no overlay file system";
  return works(["unshare", "--mount", "true"]) ? undefined : "no mount namespace can be made";
}

/** Why no hosts, or none with a registry, can be made; undefined when they can. */
export function missingHosts({ registry = false } = {}): string | undefined {
  const reason = missingDocker();
  if (reason) return reason;
  const needed = ["sshd", "ssh", "ssh-keygen", "nsenter", ...(registry ? ["docker-registry"] : [])];
  const absent = needed.filter((program) => !findProgram(program));
  if (absent.length > 0) return `not installed: ${absent.join(", ")}`;
  const namespaces = ["unshare", "--fork", "--pid", "--mount-proc", "--net", "--uts", "true"];
  return works(namespaces) ? undefined : "no network namespace can be made";
}

/** Where a program is, looked for in the folders of system programs too. */
export function findProgram(name: string): string | undefined {
  return (labEnv().PATH ?? "")
    .split(":")
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

function hasOverlay(): boolean {
  const known = () => /\toverlay$/m.test(readFileSync("/proc/filesystems", "utf8"));
  return known() || (works(["modprobe", "overlay"]) && known());
}

function works([program = "", ...args]: readonly string[]): boolean {
  return spawnSync(program, args, { env: labEnv(), stdio: "ignore", timeout: 10_000 }).status === 0;
}
