import { isCancel, select, text } from "@clack/prompts";
import { splitCommand } from "../config/command.ts";
import type { GenerateTarget } from "../contract/generate.ts";
import { UserError } from "../core/errors.ts";
import type { Answers, Offer, OfferedService } from "../generate/init/manifest.ts";
import { type Comparison, reasonOf } from "../generate/recommend/recommend.ts";
import { serviceName } from "../scan/service-name.ts";

const UNKNOWN: OfferedService = {
  name: "app",
  path: ".",
  kind: "http",
  build: null,
  start: "",
  port: null,
  health: null,
  env: {},
  dependsOn: [],
  data: [],
  evidence: "your answer",
  notes: [],
  unknown: ["start", "health"],
};

/** Asks for what nothing tells: a start command, a health path; a service where there is none; the platform where the points do not decide. */
export async function askServices(offer: Offer, folder: string, comparison: Comparison): Promise<Answers> {
  const services: OfferedService[] = [];
  const isOnly = offer.services.length <= 1;
  for (const offered of offer.services.length > 0 ? offer.services : [UNKNOWN]) {
    const start = offered.unknown.includes("start") ? await askStart(offered, isOnly) : offered.start;
    if (start === "") continue;
    const health = offered.unknown.includes("health") ? await askHealth(offered) : offered.health;
    services.push({ ...offered, start, health });
  }
  if (services.length === 0) throw cancelled();
  const platform = comparison.tie ? await askPlatform(comparison) : comparison.best;
  return {
    project: serviceName(folder),
    services,
    stores: offer.stores,
    platform,
    because: comparison.tie ? "your answer" : reasonOf(comparison),
  };
}

/** One of several may be left out by an empty answer. */
function askStart({ name, path, start }: OfferedService, isOnly: boolean): Promise<string> {
  return ask(`${name} (${path}): start command${isOnly ? "" : " (empty to leave it out)"}`, start, (value) => {
    if (value.trim() === "" && !isOnly) return undefined;
    const split = splitCommand(value);
    return "error" in split ? split.error : undefined;
  });
}

async function askHealth({ name }: OfferedService): Promise<string | null> {
  const path = await ask(`${name}: health path (empty for none)`, "", (value) =>
    value === "" || value.startsWith("/") ? undefined : "a path that starts with /",
  );
  return path || null;
}

async function askPlatform({ candidates, best }: Comparison): Promise<GenerateTarget> {
  const answer = await answered(
    select({
      message: "Where is production to run? The first are as good as equal",
      initialValue: best ?? "compose",
      options: candidates
        .filter(({ disqualified }) => disqualified.length === 0)
        .map(({ target, score, cost }) => ({
          value: target,
          label: target,
          hint: `${score} points, ${cost ? `$${cost.low} to $${cost.high} a month` : "no dated price"}`,
        })),
    }),
  );
  return answer;
}

async function ask(
  message: string,
  initialValue: string,
  validate?: (value: string) => string | undefined,
): Promise<string> {
  return (await answered(text({ message, initialValue, validate: (value) => validate?.(value ?? "") }))) ?? "";
}

/** The answer; a terminal that is closed answers nothing any more, and would leave the question open for ever. */
async function answered<T>(question: Promise<T>): Promise<Exclude<T, symbol>> {
  const closed = Promise.withResolvers<undefined>();
  const hangUp = () => closed.resolve(undefined);
  // Nothing is left to wait for but the answer.
  process.once("beforeExit", hangUp);
  process.stdin.once("end", hangUp);
  try {
    const answer = await Promise.race([question.then((value) => ({ value })), closed.promise]);
    if (answer === undefined || isCancel(answer.value)) throw cancelled();
    return answer.value as Exclude<T, symbol>;
  } finally {
    process.off("beforeExit", hangUp);
    process.stdin.off("end", hangUp);
  }
}

function cancelled(): UserError {
  return new UserError({
    code: "SM-INIT-CANCELLED",
    message: "cancelled; nothing was written",
    next: "run it again, or use --yes",
  });
}
