import type { Page } from "playwright-core";
import { assertionFailure, classifyStatus } from "../classify.ts";
import type { Failure, Phases, ProbeAnswer } from "../probe.ts";

const MOST_ERRORS = 100;

interface Wanted {
  browser: string;
  selector?: string | undefined;
  no_console_errors: boolean;
  budget?: number | undefined;
}

/** Opens a page and judges it: its status, what must be visible, errors in its console, the time it took to load. */
export async function look(page: Page, wanted: Wanted, leftMs: () => number): Promise<ProbeAnswer> {
  const errors: string[] = [];
  // A page that writes without end must not fill our memory.
  const note = (text: string) => errors.length < MOST_ERRORS && errors.push(text);
  page.on("pageerror", ({ message }) => note(message));
  page.on("console", (message) => message.type() === "error" && note(message.text()));
  let status = 200;
  page.on("response", (response) => {
    if (response.request().isNavigationRequest() && response.frame() === page.mainFrame()) status = response.status();
  });
  const unopened = await page.goto(wanted.browser, { timeout: leftMs(), waitUntil: "load" }).then(
    () => null,
    (error: unknown) => navigationFailure(error),
  );
  const refused = status >= 400 ? classifyStatus(status, "a page") : unopened;
  if (refused) return { failure: refused, phases: null, body: null };
  const failure =
    (await selectorFailure(page, wanted, leftMs())) ?? (wanted.no_console_errors ? consoleFailure(errors) : null);
  const { loadMs, ...phases } = await page.evaluate(timings);
  return { failure: failure ?? budgetFailure(loadMs, wanted), phases, body: null, facts: { loadMs } };
}

async function selectorFailure(page: Page, { selector }: Wanted, timeout: number): Promise<Failure | null> {
  if (selector === undefined) return null;
  try {
    await page.locator(selector).first().waitFor({ state: "visible", timeout });
    return null;
  } catch (error) {
    if (page.isClosed()) throw error;
    return assertionFailure(`nothing that matches ${JSON.stringify(selector)} became visible`);
  }
}

function consoleFailure(errors: readonly string[]): Failure | null {
  const [first] = errors;
  return first === undefined ? null : assertionFailure(`errors in the console (${errors.length}): ${first}`);
}

function budgetFailure(loadMs: number, { budget }: Wanted): Failure | null {
  if (budget === undefined || loadMs <= budget) return null;
  const detail = `loaded in ${Math.round(loadMs)} ms, expected at most ${budget} ms`;
  return { outcome: "slow", class: "slow", family: "latency", detail };
}

const DOWNLOAD = /Download is starting/;

/** Chromium's own names of what went wrong, as `net::ERR_CONNECTION_REFUSED`. */
const NET_ERRORS: readonly [RegExp, string, Failure["family"]][] = [
  [/CONNECTION_REFUSED/, "refused", "availability"],
  [/NAME_NOT_RESOLVED|NAME_RESOLUTION/, "dns", "dns"],
  [/CERT_DATE_INVALID/, "tls-expired", "tls"],
  [/CERT_|SSL_/, "tls-invalid", "tls"],
  [/CONNECTION_TIMED_OUT|ADDRESS_UNREACHABLE/, "connect-timeout", "availability"],
  [/Timeout [\d.]+ms exceeded/i, "read-timeout", "availability"],
  [/TOO_MANY_REDIRECTS|INVALID_|ABORTED/, "assertion", "availability"],
  [DOWNLOAD, "assertion", "availability"],
  [/net::ERR_/, "reset", "availability"],
];

function navigationFailure(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const known = NET_ERRORS.find(([pattern]) => pattern.test(message));
  if (!known) throw error;
  const [pattern, reason, family] = known;
  const detail = /net::ERR_\w+/.exec(message)?.[0];
  const said = pattern === DOWNLOAD ? "the answer is a download and no page" : "the page did not open in time";
  return { outcome: "fail", class: reason, family, detail: detail ?? said };
}

/** Runs in the page: its own account of how it was loaded (Navigation Timing), in milliseconds. */
function timings(): Phases & { loadMs: number } {
  const [entry] = performance.getEntriesByType("navigation" as never) as unknown as Record<string, number>[];
  const at = (name: string) => entry?.[name] ?? 0;
  const secureFrom = at("secureConnectionStart") || at("connectEnd");
  return {
    resolve: at("domainLookupEnd") - at("domainLookupStart"),
    connect: secureFrom - at("connectStart"),
    tls: at("connectEnd") - secureFrom,
    processing: at("responseStart") - at("requestStart"),
    transfer: at("responseEnd") - at("responseStart"),
    loadMs: at("loadEventStart"),
  };
}
