import { UserError } from "../core/errors.ts";

/** Asks yes or no on a terminal. Without one the answer must be given with --yes. */
export async function confirm(question: string, options: ConfirmOptions): Promise<void> {
  if (options.yes) return;
  requireTerminal(options);
  const prompts = await import("@clack/prompts");
  if ((await prompts.confirm({ message: question, initialValue: false })) !== true) throw declined();
}

/** The same for what cannot be undone: the name has to be typed. */
export async function confirmByName(what: string, name: string, options: ConfirmOptions): Promise<void> {
  if (options.yes) return;
  requireTerminal(options);
  const prompts = await import("@clack/prompts");
  if ((await prompts.text({ message: `${what}? Type ${name}` })) !== name) throw declined();
}

interface ConfirmOptions {
  yes?: boolean;
  json?: boolean;
}

function requireTerminal({ json }: ConfirmOptions): void {
  if (!json && process.stdin.isTTY && process.stdout.isTTY) return;
  throw new UserError({
    code: "SM-CONFIRM",
    message: "this needs a confirmation and there is no terminal to ask on",
    next: "add --yes",
  });
}

function declined(): UserError {
  return new UserError({
    code: "SM-CONFIRM-NO",
    message: "not confirmed; nothing was changed",
    next: "run it again when ready",
  });
}
