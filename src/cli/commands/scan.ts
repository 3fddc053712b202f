import { resolve } from "node:path";
import { ownFiles } from "../../generate/own-files.ts";
import { commitFiles } from "../../scan/commit-files.ts";
import { openFolder } from "../../scan/open.ts";
import { reportOf } from "../../scan/report.ts";
import { scanUnits } from "../../scan/scan.ts";
import { takeSnapshot } from "../../scan/snapshot.ts";
import { givenPath } from "../failure.ts";
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
  const root = resolve(givenPath(folder, "the folder"));
  const files = openFolder(root);
  const snapshot = takeSnapshot(
    ownFiles(options.commit === undefined ? files : await commitFiles(root, options.commit)),
  );
  const report = reportOf(scanUnits(snapshot, { answers: true }));
  const question = options.why ?? options.explain;
  if (question !== undefined) {
    const answers = explained(report, question);
    return options.json ? printJson(answers) : print(whyLines(answers).join("\n"));
  }
  if (options.json) return printJson(report);
  print(scanLines(report, snapshot.paths.length).join("\n"));
}
