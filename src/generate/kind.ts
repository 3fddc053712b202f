import type { Ownership, Plan } from "./plan.ts";

export interface GeneratedFile {
  /** From the root, with `/`. */
  path: string;
  text: string;
  ownership: Exclude<Ownership, "off">;
  /** Whether it is a program. */
  executable?: boolean;
  /** One line for people: what it is for. */
  why: string;
  /** What people have to do or know because of it. */
  notes?: string[];
}

/** A family of files, rendered from the plan. Pure and deterministic: no dates, no chance. */
export interface Kind {
  id: string;
  /** What its files are, for people. */
  title: string;
  /** Whether it belongs to what `auto` writes for this plan. */
  wanted(plan: Plan): boolean;
  render(plan: Plan): GeneratedFile[];
}
