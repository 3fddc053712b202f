import { isAway } from "../../core/errors.ts";
import { createRetries } from "../../github/retries.ts";
import { dueActionItems } from "../../store/report-issues.ts";
import type { ReportIssueOptions } from "./options.ts";
import { syncAudit } from "./sync-audit.ts";
import { syncItem } from "./sync-items.ts";

const LOOK_MS = 60_000;
const LOOKED_AT = 50;
const MOST_AT_ONCE = 10;
const AUDIT = "audit";

/** Answers what makes issues of action items and of the weekly audit; call it every few seconds. What fails is tried again later, and told to `report`. */
export function createReportIssueSync(options: ReportIssueOptions): () => Promise<void> {
  const { store, place, repository, settings, clock, signal } = options;
  const retries = createRetries(options);
  return async () => {
    const lookedBefore = new Date(clock.now() - LOOK_MS);
    const wanted = { repository, lookedBefore, except: retries.waiting(), most: LOOKED_AT };
    const due = await dueActionItems(store.db, place, wanted);
    const work = [
      ...(settings.audit ? [{ id: AUDIT, sync: () => syncAudit(options) }] : []),
      ...due.map((one) => ({ id: one.item.id, sync: () => syncItem(options, one) })),
    ];
    retries.keep(work.map(({ id }) => id));
    for (const { id, sync } of work.filter((one) => retries.isReady(one.id)).slice(0, MOST_AT_ONCE)) {
      try {
        await sync();
        retries.succeeded(id);
      } catch (error) {
        if (signal.aborted) return;
        retries.failed(id, error);
        // The others would hear the same.
        if (isAway(error)) return;
      }
    }
  };
}
