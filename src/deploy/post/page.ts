import { ExternalError, toKnownError } from "../../core/errors.ts";
import { changingServices, context, type Run, sides, targetOf, unitRef } from "../run.ts";
import { traffic } from "../steps/traffic.ts";
import { type ConsoleError, findBrowser, openPage, type PageReport } from "./browser.ts";
import { patternOf } from "./patterns.ts";

const ASK_MS = 5_000;

/** What became of opening the pages: a sentence, and whether that was possible at all. */
export interface Opened {
  skipped: boolean;
  evidence: string;
}

/**
 * Every changed service whose root is a page is opened in a browser. Throws `SM-POST-PAGE` when a page does not answer with
 * success or its console shows errors that the old release's page, asked at its own port, does not. Where no old one runs
 * there is nothing to compare with, and errors are told only.
 */
export async function pagesOpen(run: Run): Promise<Opened> {
  const browser = findBrowser();
  if (!browser) return { skipped: true, evidence: "no browser on this machine (chromium or google-chrome in PATH)" };
  const opened: string[] = [];
  for (const { name, service } of changingServices(run)) {
    if (service.kind === "worker") continue;
    const url = (await traffic(run).read(targetOf(run, name), context(run)))?.url;
    if (!url || !(await isPage(`${url}/`, run.signal))) continue;
    const look = async (address: string) => await openPage(browser, `${address}/`, run.signal);
    let page: PageReport;
    try {
      page = await look(url);
    } catch (error) {
      run.signal.throwIfAborted();
      return { skipped: true, evidence: toKnownError(error).message };
    }
    const before = await oldAddress(run, name);
    const known = page.errors.length > 0 && before ? (await look(before).catch(() => undefined))?.errors : undefined;
    const fault = pageFault(page, { url, before, known });
    if (fault)
      throw new ExternalError({
        code: "SM-POST-PAGE",
        message: `${name}: ${url}/ ${fault}`,
        next: "open it in a browser and look at its console",
      });
    opened.push(
      `${url}/${page.errors.length > 0 ? ` (${page.errors.length} errors, not new or not to be compared)` : ""}`,
    );
  }
  return opened.length > 0
    ? { skipped: false, evidence: `opened ${opened.join(", ")}` }
    : { skipped: true, evidence: "no service answers with a page" };
}

/** What is wrong with a page; undefined when nothing is. `known`: the errors of the old page, undefined when it could not be opened. */
export function pageFault(
  { status, errors }: PageReport,
  { url, before, known }: { url: string; before: string | undefined; known: readonly ConsoleError[] | undefined },
): string | undefined {
  if (status === null) return "does not open";
  if (status >= 400) return `answers ${status}`;
  if (!known) return undefined;
  const familiar = new Set(known.map((error) => nameOf(error, before ?? "")));
  const fresh = errors.filter((error) => !isForeign(error, url) && !familiar.has(nameOf(error, url)));
  const [first] = fresh;
  return first && `has new console errors (${fresh.length}), first: ${nameOf(first, url)}`;
}

/** A resource of somebody else may be out of reach from here only; the icon is asked for by the browser itself. */
function isForeign({ url: resource }: ConsoleError, url: string): boolean {
  return resource !== null && (!resource.startsWith(`${url}/`) || resource.endsWith("/favicon.ico"));
}

function nameOf({ text, url: resource }: ConsoleError, base: string): string {
  const [first = ""] = text.split("\n");
  return patternOf(`${first.replaceAll(base, "")} ${resource?.replace(base, "") ?? ""}`);
}

async function oldAddress(run: Run, service: string): Promise<string | undefined> {
  const [unit] = (await sides(run, service)).stable;
  if (!unit?.address.port) return undefined;
  const { platform } = run.dependencies;
  const port = (await platform.reach?.(unitRef(unit), context(run))) ?? unit.address.port;
  return `http://127.0.0.1:${port}`;
}

async function isPage(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, {
      headers: { accept: "text/html", connection: "close" },
      signal: AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)]),
    });
    await response.body?.cancel();
    return response.headers.get("content-type")?.startsWith("text/html") ?? false;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
