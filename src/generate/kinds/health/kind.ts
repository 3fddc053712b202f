import { codeFiles } from "../../code.ts";
import type { Kind } from "../../kind.ts";

/** A health route for services that have none. */
export const health: Kind = {
  id: "health",
  title: "health routes",
  // It is about the code: only where somebody asks for it.
  wanted: () => false,
  render: (plan) => codeFiles(plan, "health"),
};
