import { readLogLine } from "../view/log-line.ts";
import type { Tone } from "../view/states.ts";

const LEVEL_TONE: Record<string, Tone> = { warn: "warn", warning: "warn", error: "bad", fatal: "bad", critical: "bad" };

/** One log line, always as text; the line as it was written shows on hover. */
export function LogText({ text }: { text: string }) {
  const { time, level, message, rest } = readLogLine(text);
  return (
    <span className="log-text" title={message === text ? undefined : text} data-tone={LEVEL_TONE[level]}>
      {time && <span className="muted">{time} </span>}
      {level && <span className="log-level">{level} </span>}
      {message}
      {rest && <span className="muted"> {rest}</span>}
    </span>
  );
}
