import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { LiveEvent } from "../../../src/contract/status.ts";
import { createStore, useStore } from "../store.ts";
import { follow } from "./follow.ts";
import { createGatherer } from "./gather.ts";
import { outdatedBy } from "./invalidation.ts";
import { token } from "./session.ts";

/** `since`: when the connection was lost, milliseconds since the epoch; null while it stands or is first being made. */
export const connection = createStore<{ live: boolean; since: number | null }>({ live: false, since: null });

/** Of many checks one always changes; their list is asked for again at most this often. */
const CHECKS_EVERY_MS = 3_000;

/** Keeps the queries fresh by the server's events for as long as the component is mounted. */
export function useLive(): void {
  const client = useQueryClient();
  const session = useStore(token);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new token needs a new connection.
  useEffect(() => {
    const leaving = new AbortController();
    const invalidate = (queryKey: string[]) => void client.invalidateQueries({ queryKey });
    const soon = createGatherer(invalidate);
    const slowly = createGatherer(invalidate, CHECKS_EVERY_MS);
    const onData = (data: string) => {
      const event = readEvent(data);
      if (!event) return;
      (event.type === "checks" ? slowly : soon).add(outdatedBy(event));
    };
    let opened = false;
    const onOpen = () => {
      // Events between two connections are gone: anything may have changed.
      if (opened || connection.get().since !== null) void client.invalidateQueries();
      opened = true;
      connection.set({ live: true, since: null });
    };
    const onLost = () => connection.set({ live: false, since: connection.get().since ?? Date.now() });
    void follow("/api/events", { onOpen, onData, onLost }, leaving.signal);
    return () => {
      leaving.abort();
      soon.stop();
      slowly.stop();
    };
  }, [client, session]);
}

function readEvent(data: string): LiveEvent | undefined {
  try {
    return LiveEvent.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}
