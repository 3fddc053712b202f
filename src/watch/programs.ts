import { checkKey } from "../config/check-options.ts";
import type { CheckConfig } from "../config/checks.ts";
import { UserError } from "../core/errors.ts";
import { findProgram } from "../exec/program.ts";

/** What Chromium is called by those who package it. */
export const CHROMIUM = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

const NEEDED: Partial<Record<ReturnType<typeof checkKey>, { names: readonly string[]; called: string }>> = {
  ping: { names: ["ping"], called: "ping" },
  browser: { names: CHROMIUM, called: "Chromium" },
};

/** What checks start is on this machine. Throws UserError `SM-CHECK-PROGRAM`. */
export async function requirePrograms(checks: Readonly<Record<string, CheckConfig>>): Promise<void> {
  for (const [name, check] of Object.entries(checks)) {
    const needed = NEEDED[checkKey(check)];
    if (!needed || (await findProgram(needed.names))) continue;
    throw new UserError({
      code: "SM-CHECK-PROGRAM",
      message: `check ${name} needs ${needed.called}, which is not in PATH`,
      next: `install it (${needed.names.slice(0, 2).join(" or ")}), or remove the check`,
    });
  }
}
