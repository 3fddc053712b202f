import { isIP } from "node:net";
import { z } from "zod";
import { parseDuration } from "../core/duration.ts";
import { parseJsonPath } from "../core/json-path.ts";
import { parseWindow } from "../core/window.ts";
import { splitCommand } from "./command.ts";

const NAME = /^[a-z][a-z0-9-]{0,39}$/;

export const Name = z
  .string()
  .regex(NAME, "lower-case letters, digits and dashes, starting with a letter, at most 40")
  .refine((name) => !(name in {}), "a name that every JavaScript object has; choose another");

const LONGEST_MS = 3_650 * 86_400_000;
const DURATION = "a duration such as 250ms, 5s, 10m or 1h";

/** A length of time such as `250ms`, `5s`, `10m`, `1h`; milliseconds after loading. */
export const Duration = z
  .string({ error: DURATION })
  .refine((text) => parseDuration(text) !== undefined, `must be ${DURATION}`)
  .transform((text) => parseDuration(text) ?? 0)
  // Added to the time of now it has to be a date.
  .refine((ms) => ms <= LONGEST_MS, "must be at most 3650d")
  .meta({ duration: true });

/** The time between two runs of a check; a timer can wait 24 days at most. */
export const Interval = Duration.refine((ms) => ms >= 100 && ms <= 86_400_000, "must be between 100ms and 1d").meta({
  duration: true,
});

/** A pattern from the manifest: one that cannot be read would fail each run. */
export const Pattern = z.string().refine((text) => {
  try {
    RegExp(text);
    return true;
  } catch {
    return false;
  }
}, "must be a regular expression");

/** A program and its arguments: a list, or one line that is split at blanks (quotes group; there is no shell). */
export const Command = z
  .union([z.array(z.string().min(1)).min(1), z.string().min(1)])
  .superRefine((value, context) => {
    if (typeof value !== "string") return;
    const split = splitCommand(value);
    if ("error" in split) context.addIssue({ code: "custom", message: split.error });
  })
  .transform((value) => {
    if (typeof value !== "string") return value;
    const split = splitCommand(value);
    return "argv" in split ? split.argv : [];
  });

export const Scalar = z.union([z.string(), z.number(), z.boolean()]).transform((value) => String(value));

/** `status`, `$.a.b[0]`, `$.parts[*].state`: RFC 9535 without filters. */
export const JsonPath = z
  .string()
  .refine((path) => parseJsonPath(path) !== undefined, "must be a JSON path such as `status` or `$.parts[*].state`");

const ADDRESS = "host:port";

/** `host:port`, or a placeholder that becomes one. */
export const HostPort = z.string({ error: ADDRESS }).regex(/^.+:\d+$|^\$\{.+\}$/, ADDRESS);

const SIZES: Record<string, number> = { B: 1, KiB: 1024, MiB: 1024 ** 2 };
const SIZE = /^(\d+) ?(B|KiB|MiB)$/;

/** An amount of data such as `64KiB` or `1MiB`; bytes after loading. */
export const Size = z
  .string()
  .regex(SIZE, "a size such as 512B, 64KiB or 1MiB")
  .transform((text) => {
    const [, amount, unit = ""] = SIZE.exec(text) ?? [];
    return Number(amount) * (SIZES[unit] ?? 1);
  });

export const Port = z.int().min(1).max(65_535);

/** `Fri 16:00 - Mon 08:00 Europe/Paris`: from a day and time of the week to another one. */
export const TimeWindow = z
  .string()
  .refine(
    (text) => parseWindow(text) !== undefined,
    "must be a time of the week such as `Fri 16:00 - Mon 08:00 Europe/Paris`, or of every day such as `22:00 - 06:00`",
  )
  .meta({ window: true });

/** An IP address or a network in CIDR notation. */
export const Network = z.string().refine((text) => {
  const [address = "", bits = "0", ...more] = text.split("/");
  const longest = { 4: 32, 6: 128 }[isIP(address)];
  return (
    longest !== undefined && !address.includes("%") && /^\d{1,3}$/.test(bits) && Number(bits) <= longest && !more.length
  );
}, "must be an IP address or a network such as 10.0.0.0/8");
