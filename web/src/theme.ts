import { createStore } from "./store.ts";

export type Theme = "auto" | "light" | "dark";

const KEY = "stationmaster.theme";
const ORDER: readonly Theme[] = ["auto", "light", "dark"];

function read(): Theme {
  const stored = localStorage.getItem(KEY);
  return ORDER.find((theme) => theme === stored) ?? "auto";
}

/** `auto` follows the system. */
export const theme = createStore<Theme>(read());

/** Puts the chosen theme on the document; the style sheet does the rest. */
export function applyTheme(): void {
  const value = theme.get();
  if (value === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = value;
}

/** Chooses the next of auto, light and dark and remembers it in this browser. */
export function cycleTheme(): void {
  const next = ORDER[(ORDER.indexOf(theme.get()) + 1) % ORDER.length] ?? "auto";
  localStorage.setItem(KEY, next);
  theme.set(next);
  applyTheme();
}
