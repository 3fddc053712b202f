import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { LiveEvent } from "../../../src/contract/status.ts";
import { createStore, useStore } from "../store.ts";
import { follow } from "./follow.ts";
import { outdatedBy } from "./invalidation.ts";
import { token } from "./session.ts";

/** `since`: when the connection was lost, milliseconds since the epoch; null while it stands or is first being made. */
export const connection = createStore<{ live: boolean; since: number | null }>({ live: false, since: null });

/** Events arrive in bursts during a rollout; queries are asked again at most this often. */
const GATHER_MS = 250;

/** Keeps the queries fresh by the server's events for as long as the component is mounted. */
export function useLive(): void {
  const client = useQueryClient();
  const session = useStore(token);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new token needs a new connection.
  useEffect(() => {
    const leaving = new AbortController();
    const pending = new Map<string, string[]>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      timer = undefined;
      for (const queryKey of pending.values()) void client.invalidateQueries({ queryKey });
      pending.clear();
    };
    const onData = (data: string) => {
      const event = readEvent(data);
      if (!event) return;
      for (const key of outdatedBy(event)) pending.set(key.join("/"), key);
      timer ??= setTimeout(flush, GATHER_MS);
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
      clearTimeout(timer);
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
