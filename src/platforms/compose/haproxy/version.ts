import type { Host } from "../../../exec/host.ts";
import type { Look } from "./look.ts";
import type { Setup } from "./setup.ts";

const ASK_MS = 30_000;

/** Of the program, or the image where the proxy is a container. */
export interface Versions {
  /** Null while it does not run. */
  running: string | null;
  /** What a start would take; null when it does not say. */
  installed: string | null;
  /** Whether a running one can be exchanged without dropping anything. */
  renewable: boolean;
}

export async function versionsOf(
  host: Host,
  { made }: Setup,
  seen: Look | undefined,
  signal: AbortSignal,
): Promise<Versions> {
  const say = async (argv: readonly string[]) => (await host.run(argv, { deadlineMs: ASK_MS, signal })).stdout.trim();
  if (made.of === "image")
    return { running: seen ? (await say(made.ask)) || null : null, installed: made.image, renewable: false };
  return { running: seen?.current.seen.version ?? null, installed: versionIn(await say(made.ask)), renewable: true };
}

/** Whether another program than the running one is installed. */
export function isOutdated({ running, installed }: Versions): boolean {
  return running !== null && installed !== null && running !== installed;
}

/** As in the first line of `haproxy -v` and in `show info`: number and build, such as `2.6.12-1+deb12u4`. */
function versionIn(text: string): string | null {
  return /version (\S+)/i.exec(text)?.[1] ?? null;
}

/** What a person is told: the version, what is installed where that is another one, and what to do then. */
export function proxyFinding(versions: Versions): { detail: string; next: string | null } {
  const { running, installed, renewable } = versions;
  if (running === null) return { detail: `proxy ${installed ?? "of unknown version"}, not running`, next: null };
  if (!isOutdated(versions)) return { detail: `proxy ${running}`, next: null };
  const next = renewable
    ? "the next deployment takes it up, without dropping a request"
    : "remove the proxy's container when a gap of a second does not matter; it is made anew from that image";
  return { detail: `proxy ${running}, while ${installed} is installed`, next };
}
