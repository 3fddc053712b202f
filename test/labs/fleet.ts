import { stringify } from "yaml";
import { type DeployLab, openDeployLab } from "../../src/deploy/testing.ts";
import type { LabOptions } from "../lab/lab.ts";
import { appImage, docker } from "./docker.ts";
import { type HostsLab, type HostsOptions, openHosts } from "./hosts.ts";

/** Parts of the manifest. */
export interface FleetManifest {
  /** Keys of the service `app`. */
  service?: Record<string, unknown>;
  services?: Record<string, unknown>;
  /** Keys of the environment `production`. */
  settings?: Record<string, unknown>;
}

export interface FleetOptions extends FleetManifest {
  hosts: number;
  /** Those of another fleet, which closes them; `hosts` is how many of them are used. */
  machines?: HostsLab;
  disk?: HostsOptions["disk"];
  store?: LabOptions["store"];
  /** Further files of the project. */
  files?: Record<string, string>;
}

/** An application on hosts: real sshd, Docker engines, proxies and a database, with the engine in this process. */
export interface Fleet extends Omit<DeployLab, "manifest"> {
  machines: HostsLab;
  /** Makes an image of the lab's application and pushes it; answers its name in the registry. */
  image(version: string, env?: Record<string, string>): Promise<string>;
  /** Writes the manifest with that image. */
  manifest(image: string, more?: FleetManifest): void;
  /** Acts once, at the next journal boundary that begins so. */
  when(boundary: string, act: () => void): void;
  /** The release that each host answers users with; a reason where it does not. */
  releases(): Promise<string[]>;
  /** Our containers on each host, also those that have ended: `h1 app r2 running`. */
  containers(): Promise<string[]>;
}

/** Opens hosts `h1`, `h2`, … and an application on them; nothing is deployed yet. */
export async function openFleet({ hosts, files = {}, ...options }: FleetOptions): Promise<Fleet> {
  const machines = options.machines ?? (await openHosts({ count: hosts, registry: true, disk: options.disk }));
  const used = machines.hosts.slice(0, hosts);
  const [first] = used;
  if (!first) throw new Error("no host");
  const before = process.env.STATIONMASTER_SSH_CONFIG;
  process.env.STATIONMASTER_SSH_CONFIG = machines.sshConfig;
  const text = (image: string, more: FleetManifest = {}) =>
    stringify({
      project: "lab",
      services: {
        app: {
          image,
          port: 8080,
          health: { path: "/health", every: "1s", timeout: "5s" },
          drain: "5s",
          grace: "3s",
          ...options.service,
          ...more.service,
        },
        ...options.services,
        ...more.services,
      },
      environments: {
        production: {
          platform: "compose",
          hosts: used.map(({ name }) => name),
          path: first.path,
          routes: { app: 80 },
          strategy: { kind: "blue-green", bake: "1s" },
          ...options.settings,
          ...more.settings,
        },
      },
    });
  const awaited = new Map<string, () => void>();
  const boundary = (point: string) => {
    for (const [begin, act] of awaited) {
      if (!point.startsWith(begin)) continue;
      awaited.delete(begin);
      act();
    }
  };
  const lab = await openDeployLab(
    { text: text("none"), ...(options.store ? { store: options.store } : {}) },
    { boundary },
  );
  for (const [path, content] of Object.entries(files)) lab.write(path, content);
  return {
    ...lab,
    machines: { ...machines, hosts: used },
    image: async (version, env = {}) => {
      const name = await appImage(first.docker, { name: `${machines.registry}/app`, version, env });
      await docker(first.docker, ["push", name], 120_000);
      return name;
    },
    manifest: (image, more) => lab.write("stationmaster.yaml", text(image, more)),
    when: (point, act) => void awaited.set(point, act),
    releases: () => Promise.all(used.map(({ address }) => releaseAt(address))),
    containers: async () => {
      const format = '{{.Label "stationmaster.service"}} {{.Label "stationmaster.release"}} {{.State}}';
      const argv = ["ps", "--all", "--filter", "label=stationmaster.unit", "--format", format];
      const seen = used.map(async ({ name, docker: at }) =>
        (await docker(at, argv)).split("\n").flatMap((line) => (line ? [`${name} ${line}`] : [])),
      );
      return (await Promise.all(seen)).flat().sort();
    },
    close: async () => {
      await lab.close();
      if (!options.machines) await machines.close();
      if (before === undefined) delete process.env.STATIONMASTER_SSH_CONFIG;
      else process.env.STATIONMASTER_SSH_CONFIG = before;
    },
  };
}

async function releaseAt(address: string): Promise<string> {
  const init = { signal: AbortSignal.timeout(10_000), headers: { connection: "close" } };
  const answer = await fetch(`http://${address}/version`, init).catch((error: unknown) => error);
  if (!(answer instanceof Response)) return String(answer);
  await answer.text();
  return answer.ok ? String(answer.headers.get("x-release")) : `status ${answer.status}`;
}
