import { accessSync, constants } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { ExternalError } from "../../core/errors.ts";
import { run } from "../../exec/run.ts";
import { connectDevTools, type DevTools } from "./devtools.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/** Scripts that run after the page has loaded. */
const SETTLE_MS = 1_000;
const LOAD_MS = 15_000;
const BROWSER_MS = 30_000;
const LISTENING = /DevTools listening on (ws:\S+)/;

/** What a page said in the console. `url` where it is about a resource. */
export interface ConsoleError {
  text: string;
  url: string | null;
}

export interface PageReport {
  /** Of the document itself; null when there was no answer. */
  status: number | null;
  errors: ConsoleError[];
}

const Exception = z.object({
  exceptionDetails: z.object({
    text: z.string(),
    exception: z.object({ description: z.string().optional() }).optional(),
  }),
});
const Call = z.object({
  type: z.string(),
  args: z.array(z.object({ value: z.unknown().optional(), description: z.string().optional() })),
});
const Entry = z.object({ entry: z.object({ level: z.string(), text: z.string(), url: z.string().optional() }) });
const Response = z.object({ type: z.string(), response: z.object({ status: z.number() }) });

/** A Chromium or Chrome of this machine; undefined when there is none. */
export function findBrowser(path = process.env.PATH ?? ""): string | undefined {
  for (const folder of path.split(delimiter))
    for (const name of NAMES) {
      const program = join(folder, name);
      try {
        accessSync(program, constants.X_OK);
        return program;
      } catch {
        // The next one.
      }
    }
  return undefined;
}

/** Opens a page with a profile of its own, waits until it has loaded and a second more, and answers what its console shows as errors. */
export async function openPage(browser: string, url: string, signal: AbortSignal): Promise<PageReport> {
  const profile = await mkdtemp(join(tmpdir(), "stationmaster-page-"));
  const over = new AbortController();
  const address = Promise.withResolvers<string>();
  let said = "";
  const ended = run(argv(browser, profile), {
    deadlineMs: BROWSER_MS,
    signal: AbortSignal.any([signal, over.signal]),
    // Nothing of our environment: pages are not ours.
    env: { PATH: process.env.PATH ?? "", HOME: profile },
    onOutput: (text) => {
      said += text;
      const found = LISTENING.exec(said)?.[1];
      if (found) address.resolve(found);
    },
  });
  ended.then(() => address.reject(notStarted(said)), address.reject);
  try {
    const devtools = await connectDevTools(await address.promise);
    try {
      return await Promise.race([look(devtools, url), ended.then(() => Promise.reject(notStarted(said)))]);
    } finally {
      devtools.close();
    }
  } finally {
    over.abort();
    await ended.catch(() => {});
    await rm(profile, { recursive: true, force: true, maxRetries: 5 }).catch(() => {});
  }
}

function argv(browser: string, profile: string): string[] {
  const quiet = ["gpu", "quic", "background-networking", "component-update", "sync", "breakpad"];
  return [
    browser,
    "--headless",
    ...quiet.map((part) => `--disable-${part}`),
    "--no-first-run",
    // It refuses to run as root with its sandbox.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    `--user-data-dir=${profile}`,
    "--remote-debugging-port=0",
    "about:blank",
  ];
}

async function look(devtools: DevTools, url: string): Promise<PageReport> {
  const report: PageReport = { status: null, errors: [] };
  const loaded = Promise.withResolvers<void>();
  devtools.onEvent((method, params) => {
    if (method === "Page.loadEventFired") loaded.resolve();
    if (method === "Network.responseReceived") {
      const { data } = Response.safeParse(params);
      if (data?.type === "Document") report.status ??= data.response.status;
    }
    report.errors.push(...errorsOf(method, params));
  });
  const { targetId } = await devtools.call("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await devtools.call("Target.attachToTarget", { targetId, flatten: true });
  const session = String(sessionId);
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await devtools.call(`${domain}.enable`, {}, session);
  await devtools.call("Page.navigate", { url }, session);
  // A page whose last resource hangs is judged by what it has said until then.
  await Promise.race([loaded.promise, delay(LOAD_MS, undefined, { ref: false })]);
  await delay(SETTLE_MS);
  return report;
}

function errorsOf(method: string, params: Record<string, unknown>): ConsoleError[] {
  if (method === "Runtime.exceptionThrown") {
    const details = Exception.safeParse(params).data?.exceptionDetails;
    return details ? [{ text: details.exception?.description ?? details.text, url: null }] : [];
  }
  if (method === "Runtime.consoleAPICalled") {
    const call = Call.safeParse(params).data;
    if (call?.type !== "error" && call?.type !== "assert") return [];
    const text = call.args.map(({ value, description }) => description ?? String(value)).join(" ");
    return [{ text, url: null }];
  }
  if (method !== "Log.entryAdded") return [];
  const entry = Entry.safeParse(params).data?.entry;
  return entry?.level === "error" ? [{ text: entry.text, url: entry.url ?? null }] : [];
}

function notStarted(said: string): ExternalError {
  const reason = said.trim().split("\n").at(-1) || "it said nothing";
  return new ExternalError({ code: "SM-BROWSER", message: `the browser did not start: ${reason.slice(0, 200)}` });
}
