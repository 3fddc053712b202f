import { environmentVariable } from "../../environment.ts";
import type { EnvironmentVariable } from "../../fact.ts";
import type { Read } from "./read.ts";
import type { Listed } from "./samples.ts";

/** All that is known of one name. */
export interface Known {
  reads: readonly Read[];
  listed: readonly Listed[];
  /** Whether an image takes it while it is built. */
  isArgument: boolean;
}

/** What a place is worth alone. */
const WEIGHT = { code: 0.85, sample: 0.8, real: 0.6 } as const;
const CREDENTIALS = /^[a-z][\w+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i;
/** The part that says that a name is compiled into pages. */
const PUBLIC_PART = /^(?:[A-Z]+_)?(?:PUBLIC|APP|VITE|GATSBY)_/;

/** One variable of all the places that name it, and how sure it is. */
export function variableOf(
  name: string,
  { reads, listed, isArgument }: Known,
): { value: EnvironmentVariable; confidence: number } {
  const fromCode = reads.map((read) => read.default).find((value) => value !== undefined);
  const fromSample = listed.map((entry) => entry.default).find((value) => value !== null);
  const given = fromCode ?? fromSample ?? null;
  const variable = environmentVariable(name, {
    required: isRequired(reads, listed),
    default: given,
    ...phaseOf(reads, isArgument),
  });
  const hasPassword = [...reads, ...listed].some((one) => CREDENTIALS.test(one.default ?? ""));
  const value: EnvironmentVariable = {
    ...variable,
    ...(hasPassword && variable.class === "config" ? { class: "secret" } : {}),
    ...(hasPassword || isSecretForAll(variable) ? { default: null } : {}),
  };
  const doubt = [...reads.map(({ weight }) => weight ?? WEIGHT.code), ...listed.map(({ from }) => WEIGHT[from])].reduce(
    (product, worth) => product * (1 - worth),
    1,
  );
  return { value, confidence: Math.round(Math.min(0.99, 1 - doubt) * 1_000) / 1_000 };
}

/** Whether a name that speaks of a secret is compiled into pages, where everyone reads it. */
export function isSecretForAll({ name, class: kind }: EnvironmentVariable): boolean {
  return kind === "public" && environmentVariable(name.replace(PUBLIC_PART, "")).class === "secret";
}

/** One place that stops without it, or a place that needs it where no other knows what to do instead. */
function isRequired(reads: readonly Read[], listed: readonly Listed[]): boolean {
  const main = reads.some(({ weight }) => weight === undefined)
    ? reads.filter(({ weight }) => weight === undefined)
    : reads;
  if (main.length === 0) return listed.some((entry) => entry.isRequired);
  if (main.some(({ need }) => need === "must"))
    return !main.some((read) => read.default !== undefined && read.need === "soft");
  return main.some(({ need }) => need === "plain") && !main.some(({ need }) => need === "soft");
}

/** What only builds read; the class decides where nothing is known. */
function phaseOf(reads: readonly Read[], isArgument: boolean): { phase?: EnvironmentVariable["phase"] } {
  if (reads.length === 0) return isArgument ? { phase: "build" } : {};
  return reads.every(({ phase }) => phase === "build") ? { phase: "build" } : {};
}
