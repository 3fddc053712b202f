import { codeFiles } from "../../code.ts";
import type { Kind } from "../../kind.ts";

/** Structured logs for services that write words. */
export const logging: Kind = {
  id: "logging",
  title: "structured logs",
  // It is about the code: only where somebody asks for it.
  wanted: () => false,
  render: (plan) => codeFiles(plan, "logging"),
};
