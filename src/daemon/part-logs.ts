import type { LogLine, LogRequest } from "../contract/requests.ts";
import type { Engine } from "./engine.ts";
import { infrastructureParts } from "./infrastructure.ts";
import { interleave, lastOf, shareLines } from "./share-lines.ts";

/** Whether logs of that name are those of something besides the services. A service of the manifest goes first. */
export async function isPart(engine: Engine, name: string): Promise<boolean> {
  return !Object.hasOwn(engine.manifest.services, name) && Object.hasOwn(await infrastructureParts(engine), name);
}

/** The last lines of a part on all hosts, mixed. A host that does not answer rejects. */
export async function readPartLogs(engine: Engine, { service, lines }: LogRequest): Promise<LogLine[]> {
  const { platform, redact } = engine;
  const hosts = platform.hosts?.() ?? [];
  const tails = await Promise.all(
    hosts.map(async (host) => (await platform.infrastructure?.tail(service, host, lines)) ?? []),
  );
  const { live } = shareLines(lines, { ended: [], live: tails.map(({ length }) => length) });
  const last = tails.map((tail, index) => lastOf(tail, live[index] ?? 0));
  return interleave(last).map((line) => ({ ...line, text: redact(line.text) }));
}

/** Each host's last lines and new ones, until the signal aborts. */
export async function followPartLogs(
  { platform, redact }: Engine,
  { service, lines }: LogRequest,
  onLine: (line: LogLine) => void,
  signal: AbortSignal,
): Promise<void> {
  const tell = (line: LogLine) => onLine({ ...line, text: redact(line.text) });
  const hosts = platform.hosts?.() ?? [];
  await Promise.all(
    hosts.map((host) => platform.infrastructure?.follow(service, host, { lines, onLine: tell, signal })),
  );
}
