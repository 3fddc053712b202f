import type { Browser, Page } from "playwright-core";
import { z } from "zod";
import { findProgram } from "../../../exec/program.ts";
import { CHROMIUM } from "../../programs.ts";
import { isPublicAddress } from "../address.ts";
import { classifyError, classifyTimeout } from "../classify.ts";
import type { Failure, Probe, ProbeContext } from "../probe.ts";
import { type Guard, openGuard } from "./guard.ts";
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
/** Calls between browsers would not go through the proxy. */
const NO_OTHER_WAY = "--force-webrtc-ip-handling-policy=disable_non_proxied_udp";
const PASSED_ON = ["PATH", "HOME", "LANG", "TZ", "TMPDIR"];

/** A page that opens in Chromium and shows what it should; one at a time, for each takes a browser of its own. */
export const browserProbe: Probe<z.infer<typeof Options>> = {
  id: "browser",
  Options,
  sideEffects: false,
  run: async (options, { signal, timeoutMs, clock, lookup, isPublic = isPublicAddress }) => {
    const until = clock.monotonic() + LOOK_SHARE * timeoutMs;
    const leftMs = () => Math.max(1, until - clock.monotonic());
    let begun = false;
    const late = Promise.withResolvers<Failure>();
    const onDeadline = () =>
      late.resolve(begun ? classifyTimeout("transfer", timeoutMs) : unknown("another browser check took too long"));
    signal.addEventListener("abort", onDeadline, { once: true });
    const seen = inSlot(signal, async () => {
      begun = true;
      const own = await addressesOf(options.browser, lookup);
      signal.throwIfAborted();
      const isInside = own.length > 0 && !own.some(isPublic);
      const isAllowed = (address: string) => isPublic(address) || own.includes(address);
      const guard = isInside ? undefined : await openGuard({ lookup, isPublic: isAllowed });
      try {
        return await inBrowser(signal, guard, async (page) => {
          let unreached = "";
          page.on("requestfailed", (request) => {
            if (request.isNavigationRequest() && request.frame() === page.mainFrame()) unreached = request.url();
          });
          const seen = await look(page, options, leftMs);
          const why = guard?.failure(unreached);
          return why === undefined ? seen : { ...seen, failure: classifyError(why, "connect") };
        });
      } finally {
        guard?.close();
      }
    }).catch((error: unknown) => (signal.aborted ? late.promise : unknown(messageOf(error))));
    const said = await Promise.race([seen, late.promise]);
    signal.removeEventListener("abort", onDeadline);
    return "class" in said ? { failure: said, phases: null, body: null } : said;
  },
};

/**
 * Those of the page's server. A page is guarded unless all of them are internal ones; one that has both kinds may be looked at by either, and
 * leads to no other internal address. One that is not found now may be found by the browser: it is guarded.
 */
async function addressesOf(url: string, lookup: ProbeContext["lookup"]): Promise<string[]> {
  const host = URL.parse(url)?.hostname.replace(/^\[|\]$/g, "") ?? "";
  return await new Promise((resolve) => {
    lookup(host, { all: true }, (error, found) =>
      resolve(error ? [] : [found].flat().flatMap((item) => (typeof item === "object" ? [item.address] : []))),
    );
  });
}

async function inBrowser<T>(
  signal: AbortSignal,
  guard: Guard | undefined,
  use: (page: Page) => Promise<T>,
): Promise<T> {
  const executablePath = await findProgram(CHROMIUM);
  if (!executablePath) throw new Error("there is no Chromium on this machine");
  // Loaded when a check needs it: that takes longer than loading all other probes.
  const { chromium } = await import("playwright-core");
  let browser: Browser | undefined;
  const close = () => void browser?.close().catch(() => {});
  signal.addEventListener("abort", close, { once: true });
  try {
    browser = await chromium.launch({
      executablePath,
      // Root cannot have the sandbox: Chromium refuses to start.
      chromiumSandbox: process.getuid?.() !== 0,
      env: environment(),
      ...(guard && { proxy: { server: guard.address }, args: [NO_OTHER_WAY] }),
    });
    signal.throwIfAborted();
    return await use(await browser.newPage({ acceptDownloads: false }));
  } finally {
    signal.removeEventListener("abort", close);
    await browser?.close().catch(() => {});
  }
}

/** Pages are not ours: of our environment, which holds secrets, the browser gets what it takes to run. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]]));
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}

function unknown(detail: string): Failure {
  return { outcome: "unknown", class: "prober", family: "none", detail };
}
