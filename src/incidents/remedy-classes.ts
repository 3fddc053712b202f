import type { Remedy } from "./types.ts";

/** What leaves the processes of a service as they are, and where the manifest has its request. */
export const RELIEF_REQUESTS = {
  "clear-sessions": "clear_sessions",
  "reconnect-pool": "reconnect_pool",
  "drop-cache": "drop_cache",
} as const;
export type Relief = keyof typeof RELIEF_REQUESTS;

export function isRelief(remedy: Remedy): remedy is Relief {
  return Object.hasOwn(RELIEF_REQUESTS, remedy);
}

/**
 * What a class of failure says about remedies. `restart`: whether one may help; `later`: only after what mends such a failure
 * better. `relief`: what may help of sessions, connections and caches (a failed sign-in, lost connections). `deploy`: how
 * likely a deployment brings it, 0 to 1.
 */
interface ClassRule {
  restart: "yes" | "later" | "no";
  relief: readonly Relief[];
  deploy: number;
}

const STALLED: ClassRule = { restart: "yes", relief: [], deploy: 0.85 };
const BROKEN: ClassRule = { restart: "yes", relief: [], deploy: 1 };
const WRONG: ClassRule = { restart: "no", relief: [], deploy: 1 };
const ELSEWHERE: ClassRule = { restart: "no", relief: [], deploy: 0.5 };

const RULES: Readonly<Record<string, ClassRule>> = {
  refused: BROKEN,
  "http-5xx": BROKEN,
  "process-gone": BROKEN,
  "replica-gone": BROKEN,
  reset: { ...STALLED, relief: ["clear-sessions", "reconnect-pool", "drop-cache"] },
  "connect-timeout": STALLED,
  "read-timeout": STALLED,
  late: STALLED,
  slow: { restart: "later", relief: [], deploy: 1 },
  "auth-step": { restart: "later", relief: ["clear-sessions", "drop-cache"], deploy: 1 },
  "crash-loop": WRONG,
  "http-4xx": WRONG,
  assertion: WRONG,
};

/** The rule of a class (`auth-step:2`); what the table does not name is trouble from elsewhere, such as a certificate or a full disk. */
export function ruleOf(failure: string | null): ClassRule {
  return RULES[failure?.replace(/:.*$/s, "") ?? ""] ?? ELSEWHERE;
}

export function isAuth(failure: string | null): boolean {
  return failure?.startsWith("auth-step:") ?? false;
}
