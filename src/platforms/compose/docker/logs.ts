import { setTimeout as delay } from "node:timers/promises";
import type { LogLine } from "../../../contract/requests.ts";
import { ExternalError } from "../../../core/errors.ts";
import { clip } from "../../../core/text.ts";
import type { Docker } from "./client.ts";

const LONGEST_LINE = 8_000;
const MOST_OUTPUT = 8_000_000;
const WHOLE_MS = 120_000;
const AGAIN_MS = 1_000;
/** docker writes the container's standard error to its own; the far shell brings both together. */
const BOTH = ["sh", "-c", 'exec "$@" 2>&1', "sh"];

interface Timed {
  at: string;
  text: string;
}

/** The last `lines` lines of both streams, in the order they were written; those before `until` (seconds since 1970) where it is given. */
export async function tailLogs(
  docker: Docker,
  id: string,
  lines: number,
  signal?: AbortSignal,
  until?: string,
): Promise<LogLine[]> {
  if (lines === 0) return [];
  const limit = until === undefined ? [] : ["--until", until];
  const args = ["logs", "--timestamps", "--tail", String(lines), ...limit, id];
  const { stdout, stderr, code } = await docker.ask(args, { step: `read the log of ${id}`, signal });
  if (code !== 0) return [];
  const all = [...timed(stdout), ...timed(stderr)];
  // Both streams have at most `lines` each.
  return inOrder(all)
    .slice(-lines)
    .map(({ text }) => ({ replica: id, text: clip(text, LONGEST_LINE) }));
}

/**
 * All that a container wrote, as it wrote it: first standard output, then standard error. `SM-DOCKER-OUTPUT` where that is more than
 * 8 million characters; a part of it would be another answer.
 */
export async function wholeOutput(docker: Docker, id: string, signal?: AbortSignal): Promise<string> {
  const step = `read what ${id} wrote`;
  const { code, stdout, stderr } = await docker.ask(["logs", id], { step, deadlineMs: WHOLE_MS, signal });
  if (code === 0 && stdout.length + stderr.length <= MOST_OUTPUT) return stdout + stderr;
  throw new ExternalError({
    code: "SM-DOCKER-OUTPUT",
    message: `${docker.host.name}: ${step}: ${code === 0 ? "it is more than 8 million characters" : stderr.trim()}`,
    next:
      code === 0
        ? "let the command write less"
        : "see docker logs on the host; its log driver must be one that can be read",
  });
}

/**
 * The last `lines` lines (Infinity: all), then each new one until the signal aborts. docker ends with the container and the
 * connection may break, so it goes on from the last line that was seen, as long as there is such a container.
 */
export async function followLogs(
  docker: Docker,
  id: string,
  { lines, onLine, signal }: { lines: number; onLine: (line: LogLine) => void; signal: AbortSignal },
): Promise<void> {
  let last: string | undefined;
  while (!signal.aborted) {
    const seen = last;
    const from = seen === undefined ? ["--tail", Number.isFinite(lines) ? String(lines) : "all"] : ["--since", seen];
    const argv = [...BOTH, ...docker.argv(["logs", "--timestamps", "--follow", ...from, id])];
    const program = await docker.host.open(argv, { signal }).catch(() => undefined);
    program?.onLine((line) => {
      const [item] = timed(line);
      // `--since` answers that line once more.
      if (!item || (seen !== undefined && item.at <= seen)) return;
      last = item.at;
      onLine({ replica: id, text: clip(item.text, LONGEST_LINE) });
    });
    program?.end();
    await program?.exited;
    await delay(AGAIN_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const look = await docker.ask(["container", "inspect", "--format", "{{.Id}}", id], {
      step: `look at ${id}`,
      signal,
    });
    if (look.code !== 0) return;
  }
}

function timed(text: string): Timed[] {
  return text.split("\n").flatMap((line) => {
    const match = /^(\d{4}-\d\d-\d\dT[\d:.]+Z?\S*) ?(.*)$/.exec(line);
    return match ? [{ at: match[1] ?? "", text: (match[2] ?? "").replace(/\r$/, "") }] : [];
  });
}

/** By time; docker's times have nine decimals, so their texts sort as they do. Equal ones stay as they came. */
function inOrder(items: Timed[]): Timed[] {
  return items.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
