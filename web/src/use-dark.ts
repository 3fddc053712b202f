import { useSyncExternalStore } from "react";

const query = matchMedia("(prefers-color-scheme: dark)");

function subscribe(listener: () => void): () => void {
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}

/** Whether the system asks for a dark page. */
export function useDark(): boolean {
  return useSyncExternalStore(subscribe, () => query.matches);
}
