import { createStore } from "../store.ts";

const KEY = "stationmaster.token";

/** The access token of this browser tab, if one was given. */
export const token = createStore<string | null>(sessionStorage.getItem(KEY));

/** Whether the server has refused the last request for want of a (right) token. */
export const tokenWanted = createStore(false);

export function signIn(value: string): void {
  sessionStorage.setItem(KEY, value);
  token.set(value);
  tokenWanted.set(false);
}

export function signOut(): void {
  sessionStorage.removeItem(KEY);
  token.set(null);
  tokenWanted.set(true);
}

/** Request headers that carry the token. */
export function authorization(): Record<string, string> {
  const value = token.get();
  return value ? { authorization: `Bearer ${value}` } : {};
}
