import type { Preview } from "../contract/preview.ts";
import { ExternalError } from "../core/errors.ts";
import { ago, localTime, print, printJson, state, table } from "./output.ts";
import type { GlobalOptions, Session } from "./session.ts";

const LOOK_EVERY_MS = 1_000;
const PATIENCE_MS = 20 * 60_000;

/** All previews with their addresses. */
export function previewTable(previews: readonly Preview[]): string {
  return table(
    ["preview", "state", "ref", "commit", "address", "host", "used", ""],
    previews.map((item) => [
      item.name,
      state(standing(item)),
      item.fork ? `${item.ref} (fork)` : item.ref,
      item.commit?.slice(0, 8) ?? "",
      item.url ?? "",
      item.host,
      ago(item.usedAt),
      item.reason ?? (item.expiresAt ? `removed after ${localTime(item.expiresAt)}` : ""),
    ]),
  );
}

/** Says what became of a preview that was ordered to run; waits for it. Throws `SM-PREVIEW-FAILED` with its reason. */
export async function followPreview(ordered: Preview, { json }: GlobalOptions, { usecases }: Session): Promise<void> {
  let now = ordered;
  for (const end = Date.now() + PATIENCE_MS; !isOver(now) && Date.now() < end; ) {
    await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
    now = (await usecases.previews()).find(({ name }) => name === ordered.name) ?? { ...now, state: "removed" };
  }
  if (json) printJson(now);
  else if (now.ready) print(`${now.name} runs ${now.commit?.slice(0, 8) ?? now.ref} at ${now.url ?? "no address"}`);
  if (now.ready) return;
  throw new ExternalError({
    code: "SM-PREVIEW-FAILED",
    message: `${now.name} does not run: ${now.reason ?? `it is ${standing(now)}`}`,
    next: `correct it and push, or stationmaster preview wake ${now.name}`,
  });
}

/** A reason may pass by itself, such as an image that is still being built; those who wait want to hear of it now. */
function isOver({ ready, reason, state: now }: Preview): boolean {
  return ready || reason !== null || now === "asleep" || now === "removed";
}

function standing({ state: now, ready, reason }: Preview): string {
  if (now === "removed") return "refused";
  if (now !== "running" || ready) return now;
  return reason === null ? "deploying" : "failed";
}
