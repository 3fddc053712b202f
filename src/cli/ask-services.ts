import { isCancel, select, text } from "@clack/prompts";
import { splitCommand } from "../config/command.ts";
import type { GenerateTarget } from "../contract/generate.ts";
import { UserError } from "../core/errors.ts";
import type { Answers, OfferedService } from "../generate/init/manifest.ts";
import type { Comparison } from "../generate/recommend/recommend.ts";
import { serviceName } from "../scan/service-name.ts";

const UNKNOWN: OfferedService = {
  name: "app",
  path: ".",
  kind: "http",
  build: null,
  start: "",
  health: null,
  env: {},
  evidence: "your answer",
  notes: [],
};

/** Lets a person confirm or correct each service; with none, asks for one. The platform is asked for only where the points do not tell. */
export async function askServices(
  offers: readonly OfferedService[],
  folder: string,
  comparison: Comparison,
): Promise<Answers> {
  const project = await ask("Project name", serviceName(folder));
  const services: OfferedService[] = [];
  for (const offer of offers.length > 0 ? offers : [UNKNOWN]) {
    const start = await ask(`${offer.name} (${offer.path}): start command`, offer.start, (value) => {
      const split = splitCommand(value);
      return "error" in split ? split.error : undefined;
    });
    const health = await ask(`${offer.name}: health path (empty for none)`, offer.health ?? "", (value) =>
      value === "" || value.startsWith("/") ? undefined : "a path that starts with /",
    );
    services.push({ ...offer, start, health: health || null });
  }
  const platform = comparison.tie ? await askPlatform(comparison) : comparison.best;
  return {
    project: serviceName(project),
    services,
    platform,
    because: comparison.tie ? "your answer" : "the best of the comparison",
  };
}

async function askPlatform({ candidates, best }: Comparison): Promise<GenerateTarget> {
  const answer = await select({
    message: "Where is production to run? The first are as good as equal",
    initialValue: best ?? "compose",
    options: candidates
      .filter(({ disqualified }) => disqualified.length === 0)
      .map(({ target, score, cost }) => ({
        value: target,
        label: target,
        hint: `${score} points, ${cost ? `$${cost.low} to $${cost.high} a month` : "no dated price"}`,
      })),
  });
  if (isCancel(answer)) throw cancelled();
  return answer;
}

async function ask(
  message: string,
  initialValue: string,
  validate?: (value: string) => string | undefined,
): Promise<string> {
  const answer = await text({ message, initialValue, validate: (value) => validate?.(value ?? "") });
  if (isCancel(answer)) throw cancelled();
  return answer ?? "";
}

function cancelled(): UserError {
  return new UserError({
    code: "SM-INIT-CANCELLED",
    message: "cancelled; nothing was written",
    next: "run it again, or use --yes",
  });
}
