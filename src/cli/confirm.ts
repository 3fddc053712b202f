import { UserError } from "../core/errors.ts";

/** Asks yes or no on a terminal. Without one the answer must be given with --yes. */
export async function confirm(question: string, { yes, json }: { yes?: boolean; json?: boolean }): Promise<void> {
  if (yes) return;
  if (json || !process.stdin.isTTY || !process.stdout.isTTY)
    throw new UserError({
      code: "SM-CONFIRM",
      message: "this needs a confirmation and there is no terminal to ask on",
      next: "add --yes",
    });
  const prompts = await import("@clack/prompts");
  const answer = await prompts.confirm({ message: question, initialValue: false });
  if (answer !== true)
    throw new UserError({
      code: "SM-CONFIRM-NO",
      message: "not confirmed; nothing was changed",
      next: "run it again when ready",
    });
}
