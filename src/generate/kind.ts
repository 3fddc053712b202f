import type { Ownership, Plan } from "./plan.ts";

export interface GeneratedFile {
  /** From the root, with `/`. */
  path: string;
  text: string;
  ownership: Exclude<Ownership, "off">;
  /** For a file that people wrote already: both put together, which is proposed and adopted, and what of it is ours. */
  adopted?: { text: string; base: string };
  /** Of a patch: the line below which it is put; at the end without. */
  below?: string;
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
