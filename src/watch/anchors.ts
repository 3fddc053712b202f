import { connect, isIP } from "node:net";
import type { Clock } from "../core/clock.ts";
import { type Address, isPublicAddress, parseAddress } from "./probes/address.ts";
import { lookupName } from "./probes/names/lookup.ts";
import { isHere } from "./target.ts";

/** Whether it is the target that is gone, or our own way to the outside. */
type Sight = "clear" | "unverified" | "blind";

interface AnchorsOptions {
  clock: Clock;
  /** `host:port` of targets that have nothing to do with what is watched. */
  configured: readonly string[];
  /** Whether an address accepts a connection; the tests' own. */
  reaches?(address: Address): Promise<boolean>;
}

interface Anchors {
  /** A target has answered; it may serve as an anchor for others. */
  answered(target: Address): void;
  /** Asks the anchors before a target is called down. Within two seconds they are asked once. Never rejects. */
  sight(target: Address | null): Promise<Sight>;
}

const WANTED = 2;
const FRESH_MS = 60_000;
const ASKED_AGAIN_MS = 2_000;
const DEADLINE_MS = 2_000;
/** Hosts that are remembered as having answered. */
const MOST_HOSTS = 64;

/** Looks at targets besides the failing one: those of the manifest, else (also where none of them answers) two other hosts that answered within the last minute. */
export function createAnchors({ clock, configured, reaches = accepts }: AnchorsOptions): Anchors {
  const fixed = configured.map(parseAddress).filter((address) => address !== undefined);
  const heard = new Map<string, { address: Address; at: number }>();
  const asked = new Map<string, { at: number; answer: Promise<boolean> }>();
  /** Runs that began before the way was open again still end as failures for a while. */
  let blindUntil = Number.NEGATIVE_INFINITY;

  function ask(address: Address): Promise<boolean> {
    const key = `${address.host} ${address.port}`;
    const known = asked.get(key);
    const now = clock.monotonic();
    if (known && now - known.at < ASKED_AGAIN_MS) return known.answer;
    const answer = reaches(address);
    asked.delete(key);
    asked.set(key, { at: now, answer });
    forgetOldest(asked);
    return answer;
  }

  async function anyAnswers(addresses: readonly Address[]): Promise<boolean> {
    return (await Promise.all(addresses.map(ask))).some(Boolean);
  }

  function others(target: Address): Address[] {
    const since = clock.monotonic() - FRESH_MS;
    return [...heard.values()]
      .filter(({ address, at }) => at >= since && address.host !== target.host)
      .slice(-WANTED)
      .map(({ address }) => address);
  }

  return {
    answered: (target) => {
      if (isHere(target) || target.port === 0) return;
      // The newest is the last.
      heard.delete(target.host);
      heard.set(target.host, { address: target, at: clock.monotonic() });
      forgetOldest(heard);
    },
    sight: async (target) => {
      if (target === null || isHere(target)) return "clear";
      const anchors = fixed.length > 0 ? fixed : others(target);
      if (anchors.length === 0) return "unverified";
      // An anchor of the manifest that is gone itself must not blind us for good while others answer.
      const isReached =
        (await anyAnswers(anchors)) || (fixed.length > 0 && (await anyAnswers(others(target).filter(isOutside))));
      if (!isReached) blindUntil = clock.monotonic() + FRESH_MS;
      return clock.monotonic() < blindUntil ? "blind" : "clear";
    },
  };
}

/** A neighbour that answers says nothing about the way to the outside. */
function isOutside({ host }: Address): boolean {
  if (isIP(host) !== 0) return isPublicAddress(host);
  return host.includes(".") && !/\.(internal|local|lan|home|localdomain|arpa)$/i.test(host);
}

function forgetOldest(map: Map<string, unknown>): void {
  const [oldest] = map.keys();
  if (map.size > MOST_HOSTS && oldest !== undefined) map.delete(oldest);
}

function accepts({ host, port }: Address): Promise<boolean> {
  const socket = connect({ host, port, lookup: lookupName, signal: AbortSignal.timeout(DEADLINE_MS) });
  return new Promise((resolve) => {
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => end(true));
    socket.on("error", () => end(false));
  });
}
