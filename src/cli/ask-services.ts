import { isCancel, text } from "@clack/prompts";
import { splitCommand } from "../config/command.ts";
import { UserError } from "../core/errors.ts";
import type { Guess } from "../scan/guess.ts";
import { serviceName } from "../scan/service-name.ts";

const UNKNOWN: Guess = {
  name: "app",
  path: ".",
  build: null,
  start: "",
  health: null,
  readsPort: true,
  evidence: "your answer",
};

/** Lets a person confirm or correct each guess; with none, asks for one service. */
export async function askServices(
  guesses: readonly Guess[],
  folder: string,
): Promise<{ project: string; services: Guess[] }> {
  const project = await ask("Project name", serviceName(folder));
  const services: Guess[] = [];
  const offered: Guess[] = guesses.length > 0 ? [...guesses] : [UNKNOWN];
  for (const guess of offered) {
    const start = await ask(`${guess.name} (${guess.path}): start command`, guess.start, (value) => {
      const split = splitCommand(value);
      return "error" in split ? split.error : undefined;
    });
    const health = await ask(`${guess.name}: health path (empty for none)`, guess.health ?? "", (value) =>
      value === "" || value.startsWith("/") ? undefined : "a path that starts with /",
    );
    services.push({ ...guess, start, health: health || null });
  }
  return { project: serviceName(project), services };
}

async function ask(
  message: string,
  initialValue: string,
  validate?: (value: string) => string | undefined,
): Promise<string> {
  const answer = await text({ message, initialValue, validate: (value) => validate?.(value ?? "") });
  if (isCancel(answer))
    throw new UserError({
      code: "SM-INIT-CANCELLED",
      message: "cancelled; nothing was written",
      next: "run it again, or use --yes",
    });
  return answer ?? "";
}
