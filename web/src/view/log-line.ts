import type { LogLine } from "../../../src/contract/requests.ts";
import { howItEnded } from "../../../src/contract/unit-exit.ts";
import { plain } from "./format.ts";

/** A log line in parts. Text that is no structured line is all message. */
export interface LogParts {
  /** Time of day, `14:03:07.120`; empty when the line names none. */
  time: string;
  level: string;
  message: string;
  /** What else the line says: `status=200 ms=3`. */
  rest: string;
}

const TIME_KEYS = ["time", "timestamp", "ts", "@timestamp"];
const LEVEL_KEYS = ["level", "severity", "lvl"];
const MESSAGE_KEYS = ["message", "msg"];
/** Level numbers of pino and bunyan. */
const LEVELS: Record<string, string> = { 10: "trace", 20: "debug", 30: "info", 40: "warn", 50: "error", 60: "fatal" };

/** What is known of the replica that wrote a line: `r3, on h2, ended, exited with code 1`. */
export function replicaFacts({ release, host, ended, exit }: LogLine): string {
  const facts = [release, host && `on ${host}`, ended ? "ended" : "running", exit && howItEnded(exit)];
  return facts.filter((fact) => fact !== undefined).join(", ");
}

/** Reads a line written as one JSON object with a message; any other line is taken as it is. */
export function readLogLine(text: string): LogParts {
  const whole = { time: "", level: "", message: text, rest: "" };
  const fields = text.startsWith("{") ? parse(text) : null;
  if (!fields) return whole;
  const take = (keys: readonly string[]) => {
    const key = keys.find((name) => typeof fields[name] === "string" || typeof fields[name] === "number");
    const value = key === undefined ? undefined : (fields[key] as string | number);
    if (key !== undefined) delete fields[key];
    return value;
  };
  const message = take(MESSAGE_KEYS);
  if (message === undefined) return whole;
  const level = String(take(LEVEL_KEYS) ?? "");
  const time = timeOf(take(TIME_KEYS));
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${plain(value)}`);
  return { time, level: LEVELS[level] ?? level.toLowerCase(), message: String(message), rest: rest.join(" ") };
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function timeOf(value: string | number | undefined): string {
  const at = new Date(value ?? Number.NaN);
  if (Number.isNaN(at.getTime())) return value === undefined ? "" : String(value);
  return `${at.toLocaleTimeString("en-GB")}.${String(at.getMilliseconds()).padStart(3, "0")}`;
}
