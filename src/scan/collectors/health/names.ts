/** What a path is for, as its words tell. */
export interface Judged {
  kind: "health" | "readiness";
  /** Lower is better: a general check before one of liveness before a mere sign of life. */
  rank: number;
  /** How much less than others it is worth. */
  doubt: number;
}

const GENERAL =
  /^(?:_{0,2}health(?:z|y|[-_.]?checks?)?|health[-_]?status|status[-_]?check|health\.(?:json|php|txt)|_health)$/;
const LIVE =
  /^(?:livez|liveness(?:[-_]?(?:probe|check))?|alive|is[-_]?alive|heartbeat|lbheartbeat|_live|__?lbheartbeat__|__heartbeat__)$/;
const READY = /^(?:readyz|readiness(?:[-_]?(?:probe|check))?|is[-_]?ready|_ready|ready[-_]?check)$/;
/** Words with other meanings too: `/matches/live`, `/orders/status`. */
const LOOSE: Record<string, Judged> = {
  live: { kind: "health", rank: 2, doubt: 0.1 },
  ready: { kind: "readiness", rank: 1, doubt: 0.05 },
  ping: { kind: "health", rank: 4, doubt: 0.1 },
  up: { kind: "health", rank: 3, doubt: 0.1 },
  status: { kind: "health", rank: 5, doubt: 0.15 },
  _status: { kind: "health", rank: 5, doubt: 0.1 },
  _ping: { kind: "health", rank: 4, doubt: 0.05 },
};
/** Folders of paths that say nothing of what is below them. */
const NEUTRAL =
  /^(?:api|apis|rest|v\d+(?:\.\d+)*|_+|-|internal|_internal|system|service|services|server|app|management|manage|actuator|q|k8s|kube|kubernetes|probes?|monitor(?:ing)?|ops|public|common|utils?|core|base|infra|resources|tools|meta|_\w+|health\w*|status|site|web|backend)$/;
const PARAMETER = /[:*{}[\]<>$()?+\\^|]/;

/** Whether a path answers for the health of the service; undefined where it does not, or where a part of it is open. */
export function judge(path: string): Judged | undefined {
  const parts = path.toLowerCase().split("/").filter(Boolean);
  const last = parts.at(-1);
  const above = parts.slice(0, -1);
  if (last === undefined || parts.length > 6 || parts.some((part) => PARAMETER.test(part))) return undefined;
  const odd = above.filter((part) => !NEUTRAL.test(part)).length;
  const doubt = Math.min(0.2, odd * 0.1);
  if (READY.test(last)) return { kind: "readiness", rank: odd, doubt };
  if (LIVE.test(last)) return { kind: "health", rank: 2 + odd, doubt };
  if (GENERAL.test(last)) return { kind: "health", rank: odd, doubt };
  const loose = Object.hasOwn(LOOSE, last) && odd === 0 ? LOOSE[last] : undefined;
  if (!loose) return undefined;
  // Below `health` a word has only one meaning.
  return above.some((part) => GENERAL.test(part)) ? { ...loose, doubt: 0 } : loose;
}
