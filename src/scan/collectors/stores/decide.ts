import { CONFIDENCE } from "../../fact.ts";
import { RELATIONAL } from "../../tables/stores.ts";
import type { Signal } from "./signal.ts";

/** A store that an application uses, and why. */
export interface Store {
  kind: string;
  confidence: number;
  /** The strongest first. */
  signals: Signal[];
}

export interface Verdict {
  stores: Store[];
  /** What was almost taken for one. */
  refused: { kind: string; message: string; signals: Signal[] }[];
}

const ORDER: readonly Signal["role"][] = ["settings", "use", "address", "dependency"];
/** Shown as a guess where something may be meant that nothing else confirms. */
const UNCERTAIN = 0.4;

/** Weighs what speaks for each store. A database in a file loses against one that is served. */
export function decideStores(signals: readonly Signal[]): Verdict {
  const byKind = Map.groupBy(signals, ({ kind }) => kind);
  const stores: Store[] = [];
  const refused: Verdict["refused"] = [];
  const onlyDeclared = [...byKind].filter(
    ([kind, own]) => RELATIONAL.has(kind) && own.every(({ role }) => role === "dependency"),
  );
  for (const [kind, own] of byKind) {
    const sorted = own.toSorted(
      (a, b) =>
        Number(a.isFallback ?? false) - Number(b.isFallback ?? false) || ORDER.indexOf(a.role) - ORDER.indexOf(b.role),
    );
    const isOneOfMany = onlyDeclared.length > 1 && onlyDeclared.some(([name]) => name === kind);
    const confidence = isOneOfMany ? UNCERTAIN : confidenceOf(own);
    if (confidence === 0)
      refused.push({ kind, message: `the client of ${kind} is for development only`, signals: sorted });
    else if (isOneOfMany)
      refused.push({
        kind,
        message: `clients of several databases are there; nothing says that ${kind} is used`,
        signals: sorted,
      });
    else stores.push({ kind, confidence, signals: sorted });
  }
  const served = stores.find(
    ({ kind, confidence, signals: own }) =>
      kind !== "sqlite" && RELATIONAL.has(kind) && confidence >= 0.5 && own.some(isMeant),
  );
  const inFile = stores.find(({ kind }) => kind === "sqlite");
  if (!served || !inFile) return { stores, refused };
  const message = `${served.kind} is configured too: the file is for development or tests`;
  return {
    stores: stores.filter((one) => one !== inFile),
    refused: [...refused, { kind: "sqlite", message, signals: inFile.signals }],
  };
}

/** A client of production, or a setting that is no stopgap. */
function isMeant({ role, isDevelopment, isFallback }: Signal): boolean {
  return role === "dependency" ? !isDevelopment : !isFallback;
}

/** What the signals for one store are worth together; 0 where they are no more than a tool for development. */
function confidenceOf(signals: readonly Signal[]): number {
  const has = (role: Signal["role"], isFallback?: boolean) =>
    signals.some(
      (one) =>
        one.role === role &&
        !one.isDevelopment &&
        (isFallback === undefined || (one.isFallback ?? false) === isFallback),
    );
  const isDeclared = has("dependency");
  if (has("settings", false)) return isDeclared ? 0.97 : 0.9;
  if (has("use", false)) {
    if (isDeclared) return 0.95;
    return signals.some(({ isBuiltIn }) => isBuiltIn) ? CONFIDENCE.code : 0.55;
  }
  if (has("settings") || has("use")) return isDeclared || signals.some(({ isBuiltIn }) => isBuiltIn) ? 0.7 : 0.6;
  if (has("address", false) && signals.some(({ isBuiltIn }) => isBuiltIn)) return CONFIDENCE.code;
  if (has("address") && isDeclared) return 0.9;
  // Code may know many addresses; settings and samples are made for this application.
  if (signals.some(({ role, rule, isFallback }) => role === "address" && rule !== "address" && !isFallback)) return 0.5;
  if (has("address")) return UNCERTAIN;
  if (isDeclared) return has("dependency", false) ? 0.55 : UNCERTAIN;
  return 0;
}
