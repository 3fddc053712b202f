import { resolve } from "node:path";
import { commitFiles } from "../../scan/commit-files.ts";
import { openFolder } from "../../scan/open.ts";
import { COLLECTORS } from "../../scan/registry.ts";
import { scan } from "../../scan/scan.ts";
import { print, printJson } from "../output.ts";
import { scanLines } from "../scan-lines.ts";
import { explained, whyLines } from "../scan-why.ts";
import type { GlobalOptions } from "../session.ts";

interface ScanOptions extends GlobalOptions {
  why?: string;
  explain?: string;
  commit?: string;
}

export async function run(options: ScanOptions, folder = "."): Promise<void> {
  const root = resolve(folder);
  const files = openFolder(root);
  const report = scan(options.commit === undefined ? files : await commitFiles(root, options.commit));
  const question = options.why ?? options.explain;
  if (question !== undefined) {
    const answers = explained(report, question);
    return options.json ? printJson(answers) : print(whyLines(answers).join("\n"));
  }
  if (options.json) return printJson(report);
  const lookedFor = [...new Set(COLLECTORS.flatMap(({ reads }) => reads))].sort();
  print(scanLines(report, lookedFor).join("\n"));
}
