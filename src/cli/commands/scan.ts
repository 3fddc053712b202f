import { resolve } from "node:path";
import { ownFiles } from "../../generate/own-files.ts";
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
  const report = scan(ownFiles(options.commit === undefined ? files : await commitFiles(root, options.commit)));
  const question = options.why ?? options.explain;
  if (question !== undefined) {
    const answers = explained(report, question);
    return options.json ? printJson(answers) : print(whyLines(answers).join("\n"));
  }
  if (options.json) return printJson(report);
  print(scanLines(report, filesLookedFor()).join("\n"));
}

/** Names of files that make a service; collectors tell patterns and kinds of code too. */
function filesLookedFor(): string[] {
  const names = COLLECTORS.flatMap(({ reads }) => reads).filter((name) =>
    /^[A-Z][\w.]*$|^[\w*][\w.-]*\.\w+$/.test(name),
  );
  return [...new Set(names)].sort();
}
