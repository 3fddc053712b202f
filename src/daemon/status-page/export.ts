import { join } from "node:path";
import type { StatusPage } from "../../contract/status-page.ts";
import { createLocalHost } from "../../exec/local-host.ts";
import { renderAtom } from "./atom.ts";
import { renderHtml } from "./html.ts";

/** For everybody: another web server, under another account, serves them. */
const READABLE = 0o644;
const DEADLINE_MS = 10_000;

/**
 * Writes the page, its JSON and its feed to a folder, each file at once or not at all; answers their paths. Throws
 * ExternalError when the folder cannot be written to.
 */
export async function exportPage(page: StatusPage, folder: string): Promise<string[]> {
  const host = createLocalHost();
  const files = {
    "index.html": renderHtml(page, { json: "status.json", atom: "status.atom" }),
    "status.json": `${JSON.stringify(page, null, 2)}\n`,
    "status.atom": renderAtom(page, "status.atom"),
  };
  const paths: string[] = [];
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    await host.write(path, text, { mode: READABLE, deadlineMs: DEADLINE_MS });
    paths.push(path);
  }
  return paths;
}
