import { ExternalError } from "../../../core/errors.ts";
import type { Host } from "../../../exec/host.ts";
import { renderConfig } from "./config.ts";
import { filesIn } from "./files.ts";
import { renderHold } from "./hold.ts";
import { renderMap } from "./map.ts";
import { type ProxyRoutes, parseState, renderState } from "./route.ts";
import { alertIn, type Setup } from "./setup.ts";

const DEADLINE_MS = 30_000;
/** Another process may have made it between the first read and the look whether it is there. */
const READS = 2;

/** The wanted routes on the host's disk; none where there is no file. `SM-PROXY-STATE` when they cannot be read. */
export async function loadRoutes(host: Host, folder: string, signal: AbortSignal): Promise<ProxyRoutes> {
  const { state } = filesIn(folder);
  const options = { deadlineMs: DEADLINE_MS, signal };
  let said = "";
  for (let attempt = 0; attempt < READS; attempt++) {
    const { code, stdout, stderr } = await host.run(["cat", state], options);
    if (code === 0) return parseState(stdout, `${host.name}:${state}`);
    if ((await host.run(["test", "-e", state], options)).code === 1) return {};
    said = stderr.trim();
  }
  throw new ExternalError({
    code: "SM-PROXY-STATE",
    message: `${host.name}: ${state} cannot be read: ${said}`,
    next: "check the permissions of that file",
  });
}

/**
 * Puts the routes on disk: the state first, then what is made from it. A configuration the proxy refuses changes nothing:
 * `ExternalError` `SM-PROXY-CONFIG` with its reason.
 */
export async function saveRoutes(
  routes: ProxyRoutes,
  { host, setup, signal }: { host: Host; setup: Setup; signal: AbortSignal },
): Promise<void> {
  const files = filesIn(setup.config.folder);
  const config = renderConfig(routes, setup.config);
  const map = renderMap(routes);
  const options = { deadlineMs: DEADLINE_MS, signal };
  // It lies there only once it was tested. Another process may have written it since we did.
  const known = await host.run(["cat", files.config], options);
  const isNew = known.code !== 0 || known.stdout !== config;
  if (isNew) {
    await host.write(files.lua, renderHold(files.map), options);
    // Only for the test of the very first configuration, which names it.
    if (known.code !== 0 && (await host.run(["test", "-e", files.map], options)).code !== 0)
      await host.write(files.map, "", options);
    await testConfig(config, { host, setup, signal });
  }
  await host.write(files.state, renderState(routes), options);
  await host.write(files.map, map, options);
  if (isNew) await host.write(files.config, config, options);
}

/** Whether the program that is installed now takes that configuration: `SM-PROXY-CONFIG` with its reason. */
export async function testConfig(
  config: string,
  { host, setup, signal }: { host: Host; setup: Setup; signal: AbortSignal },
): Promise<void> {
  const options = { deadlineMs: DEADLINE_MS, signal };
  await host.write(filesIn(setup.config.folder).draft, config, options);
  const { code, stderr } = await host.run(setup.check, options);
  if (code !== 0) throw refused(host, stderr);
}

function refused(host: Host, stderr: string): ExternalError {
  return new ExternalError({
    code: "SM-PROXY-CONFIG",
    message: `${host.name}: HAProxy refuses its configuration: ${alertIn(stderr)}`,
    next: "nothing was changed; a certificate that is not there is the usual reason",
  });
}
