export * from "./hosts.ts";
export * from "./incidents.ts";
export * from "./lease.ts";
export * from "./ledger.ts";
export * from "./release.ts";
export * from "./rollout.ts";
export * from "./unit.ts";
export * from "./watch.ts";
