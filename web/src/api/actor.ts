import { createStore } from "../store.ts";

const KEY = "stationmaster.name";

/** Who uses this browser, as they say; the access token is the same for everybody. */
export const personName = createStore(localStorage.getItem(KEY) ?? "");

export function rememberName(name: string): void {
  localStorage.setItem(KEY, name);
  personName.set(name);
}

/** Who the audit says it was: `dashboard:ada`, or `dashboard` where nobody gave a name. */
export function actorName(): string {
  const name = personName
    .get()
    .trim()
    .replace(/[^\w.@-]+/g, "-")
    .slice(0, 50);
  return name === "" ? "dashboard" : `dashboard:${name}`;
}
