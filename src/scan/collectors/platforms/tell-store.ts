import type { StoreUse } from "../../fact.ts";
import type { About, Seen } from "./platform.ts";

/** States that a unit uses a store that the platform runs. */
export function tellStore(about: About, store: StoreUse, seen: Seen): void {
  about.claimEach("store", store.kind, store, { ...seen, rule: "store" });
}
