import { spawn } from "node:child_process";
import { mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../lab/until.ts";
import { labEnv } from "./run.ts";

const PORT = 5_000;

/** Starts an image registry without TLS; answers `address:port`. It ends with this process or its folder's processes. */
export async function startRegistry(folder: string, address: string): Promise<string> {
  mkdirSync(folder);
  const file = join(folder, "registry.json");
  const place = `${address}:${PORT}`;
  // JSON is YAML.
  const settings = {
    version: 0.1,
    log: { level: "error" },
    storage: { filesystem: { rootdirectory: join(folder, "images") }, delete: { enabled: true } },
    http: { addr: place },
  };
  writeFileSync(file, JSON.stringify(settings));
  const output = openSync(join(folder, "registry.log"), "a");
  const args = ["--pdeathsig", "KILL", "docker-registry", "serve", file];
  spawn("setpriv", args, { detached: true, stdio: ["ignore", output, output], env: labEnv() });
  await until("the registry", async () => (await fetch(`http://${place}/v2/`)).ok);
  return place;
}
