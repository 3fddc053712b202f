import { resolve } from "node:path";
import { prometheusRules } from "../../daemon/meters/rules.ts";
import { createLocalHost } from "../../exec/local-host.ts";
import { print, printJson } from "../output.ts";
import type { GlobalOptions } from "../session.ts";

const DEADLINE_MS = 10_000;
/** Prometheus reads it under an account of its own. */
const READABLE = 0o644;

export async function run({ out, json }: GlobalOptions & { out?: string }): Promise<void> {
  const rules = prometheusRules();
  if (out === undefined) return json ? printJson({ rules }) : print(rules.trimEnd());
  const file = resolve(out);
  await createLocalHost().write(file, rules, { mode: READABLE, deadlineMs: DEADLINE_MS });
  if (json) printJson({ file });
  else print(file);
}
