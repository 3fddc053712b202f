import { EventEmitter } from "node:events";
import type { LiveEvent } from "../contract/status.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";

/** Tells whoever looks (dashboard, CLI) which part changed. */
export interface Bus {
  emit(event: LiveEvent): void;
  /** Answers the function that ends the subscription. */
  subscribe(listener: (event: LiveEvent) => void): () => void;
  rolloutBegan(row: RolloutRow): void;
  onRolloutBegan(listener: (row: RolloutRow) => void): void;
  /** A rollout reached its end: addresses and checks may have changed. */
  rolloutEnded(row: RolloutRow): void;
  onRolloutEnded(listener: (row: RolloutRow) => void): void;
}

export function createBus(): Bus {
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  return {
    emit: (event) => {
      emitter.emit("event", event);
    },
    subscribe: (listener) => {
      emitter.on("event", listener);
      return () => emitter.off("event", listener);
    },
    rolloutBegan: (row) => {
      emitter.emit("rollout-began", row);
    },
    onRolloutBegan: (listener) => {
      emitter.on("rollout-began", listener);
    },
    rolloutEnded: (row) => {
      emitter.emit("rollout-ended", row);
    },
    onRolloutEnded: (listener) => {
      emitter.on("rollout-ended", listener);
    },
  };
}
