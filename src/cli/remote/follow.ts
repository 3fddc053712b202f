import { systemClock } from "../../core/clock.ts";
import { ExternalError } from "../../core/errors.ts";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;

interface FollowOptions {
  open(signal: AbortSignal): Promise<Bytes>;
  onData(data: string): void;
  /** The stream stands again after it was lost: what happened in between was not seen. */
  onReturn?(): void;
  signal: AbortSignal;
  /** How often in a row opening may fail before this fails. A stream that was lost is always opened again. */
  attempts: number;
}

/**
 * Delivers server-sent events until the signal aborts; a lost stream is opened again with growing waits. Fails with the
 * error of `open` when it is not worth repeating, or after `attempts` of them.
 */
export async function follow({ open, onData, onReturn, signal, attempts }: FollowOptions): Promise<void> {
  let failed = 0;
  for (let lost = false; !signal.aborted; lost = true) {
    const stream = await open(signal).catch((error: unknown) => {
      failed += 1;
      if (signal.aborted) return undefined;
      if (!(error instanceof ExternalError && error.retryable) || failed >= attempts) throw error;
    });
    if (stream) {
      if (lost) onReturn?.();
      failed = 0;
      for await (const data of readEvents(stream)) onData(data);
    }
    await systemClock.sleep(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failed), signal).catch(() => {});
  }
}

/** The data of each server-sent event; ends when the stream ends or breaks. */
async function* readEvents(stream: Bytes): AsyncGenerator<string> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let data: string[] = [];
  try {
    for (;;) {
      const chunk = await reader.read().catch(() => undefined);
      if (!chunk || chunk.done) return;
      // A chunk may end inside a line, or between \r and \n.
      const lines = (rest + chunk.value).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
        if (line !== "" || data.length === 0) continue;
        yield data.join("\n");
        data = [];
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
