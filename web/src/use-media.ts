import { useSyncExternalStore } from "react";

function createMedia(text: string): () => boolean {
  const query = matchMedia(text);
  const subscribe = (listener: () => void) => {
    query.addEventListener("change", listener);
    return () => query.removeEventListener("change", listener);
  };
  return () => useSyncExternalStore(subscribe, () => query.matches);
}

/** Whether the system asks for a dark page. */
export const useDark = createMedia("(prefers-color-scheme: dark)");

/** Whether tables are shown as cards; the width is that of the style sheets. */
export const useNarrow = createMedia("(max-width: 760px)");
