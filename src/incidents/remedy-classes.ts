/**
 * What a class of failure says about remedies. `restart`: whether one may help; `later`: only after what mends such a failure
 * better. `sessions`: whether clearing sessions, pools or a cache may help (a failed sign-in, lost connections). `deploy`: how
 * likely a deployment brings it, 0 to 1.
 */
interface ClassRule {
  restart: "yes" | "later" | "no";
  sessions: boolean;
  deploy: number;
}

const STALLED: ClassRule = { restart: "yes", sessions: false, deploy: 0.85 };
const BROKEN: ClassRule = { restart: "yes", sessions: false, deploy: 1 };
const WRONG: ClassRule = { restart: "no", sessions: false, deploy: 1 };
const ELSEWHERE: ClassRule = { restart: "no", sessions: false, deploy: 0.5 };

const RULES: Readonly<Record<string, ClassRule>> = {
  refused: BROKEN,
  "http-5xx": BROKEN,
  "process-gone": BROKEN,
  "replica-gone": BROKEN,
  reset: { ...STALLED, sessions: true },
  "connect-timeout": STALLED,
  "read-timeout": STALLED,
  late: STALLED,
  slow: { restart: "later", sessions: false, deploy: 1 },
  "auth-step": { restart: "later", sessions: true, deploy: 1 },
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
