import { resolve } from "node:path";
import { openFolder } from "../../scan/open.ts";
import { scan } from "../../scan/scan.ts";
import { printJson } from "../output.ts";
import { scanLines } from "../scan-lines.ts";
import type { GlobalOptions } from "../session.ts";

export async function run(options: GlobalOptions & { why?: string; explain?: string }, folder = "."): Promise<void> {
  const report = scan(openFolder(resolve(folder)));
  if (options.json) return printJson(report);
  process.stdout.write(`${scanLines(report, options.why ?? options.explain).join("\n")}\n`);
}
