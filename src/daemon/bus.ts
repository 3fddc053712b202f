import { EventEmitter } from "node:events";
import type { LiveEvent } from "../contract/status.ts";

/** Tells whoever looks (dashboard, CLI) which part changed. */
export interface Bus {
  emit(event: LiveEvent): void;
  /** Answers the function that ends the subscription. */
  subscribe(listener: (event: LiveEvent) => void): () => void;
  /** A rollout reached its end: addresses and checks may have changed. */
  rolloutEnded(): void;
  onRolloutEnded(listener: () => void): void;
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
    rolloutEnded: () => {
      emitter.emit("rollout-ended");
    },
    onRolloutEnded: (listener) => {
      emitter.on("rollout-ended", listener);
    },
  };
}
