import type { Browser, Page } from "playwright-core";
import { z } from "zod";
import { findProgram } from "../../../exec/program.ts";
import { CHROMIUM } from "../../programs.ts";
import { classifyTimeout } from "../classify.ts";
import type { Failure, Probe } from "../probe.ts";
import { look } from "./look.ts";
import { inSlot } from "./slot.ts";

const Options = z.object({
  browser: z.string(),
  selector: z.string().optional(),
  no_console_errors: z.boolean().default(false),
  budget: z.number().optional(),
});

/** What is left of the time is for ending the browser and telling what was seen. */
const LOOK_SHARE = 0.8;

/** A page that opens in Chromium and shows what it should; one at a time, for each takes a browser of its own. */
export const browserProbe: Probe<z.infer<typeof Options>> = {
  id: "browser",
  Options,
  sideEffects: false,
  run: async (options, { signal, timeoutMs, clock }) => {
    const until = clock.monotonic() + LOOK_SHARE * timeoutMs;
    const leftMs = () => Math.max(1, until - clock.monotonic());
    let begun = false;
    const late = Promise.withResolvers<Failure>();
    const onDeadline = () =>
      late.resolve(begun ? classifyTimeout("transfer", timeoutMs) : unknown("another browser check took too long"));
    signal.addEventListener("abort", onDeadline, { once: true });
    const seen = inSlot(signal, async () => {
      begun = true;
      return await inBrowser(signal, (page) => look(page, options, leftMs));
    }).catch((error: unknown) => (signal.aborted ? late.promise : unknown(messageOf(error))));
    const said = await Promise.race([seen, late.promise]);
    signal.removeEventListener("abort", onDeadline);
    return "class" in said ? { failure: said, phases: null, body: null } : said;
  },
};

async function inBrowser<T>(signal: AbortSignal, use: (page: Page) => Promise<T>): Promise<T> {
  const executablePath = await findProgram(CHROMIUM);
  if (!executablePath) throw new Error("there is no Chromium on this machine");
  // Loaded when a check needs it: that takes longer than loading all other probes.
  const { chromium } = await import("playwright-core");
  let browser: Browser | undefined;
  const close = () => void browser?.close().catch(() => {});
  signal.addEventListener("abort", close, { once: true });
  try {
    // Root cannot have the sandbox: Chromium refuses to start.
    browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
    signal.throwIfAborted();
    return await use(await browser.newPage({ acceptDownloads: false }));
  } finally {
    signal.removeEventListener("abort", close);
    await browser?.close().catch(() => {});
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}

function unknown(detail: string): Failure {
  return { outcome: "unknown", class: "prober", family: "none", detail };
}
