import type { Evidence, Source } from "../../fact.ts";
import type { FoundFramework } from "./framework.ts";
import type { Project } from "./project.ts";
import type { Site } from "./sites/site.ts";

/** How a package is started in production. */
export interface Start {
  command: string;
  source: Source;
  confidence: number;
  at: Evidence[];
  /** The program that runs: `node`, `next`. */
  program: string;
  /** The source file it begins with, from the root, where that is known. */
  entry: string | undefined;
  /** Whether it serves built files as they are. */
  static: boolean;
  /** The folder that it serves then, where the command names it. */
  folder?: string | undefined;
}

/** What is known before the start is asked for. */
export interface Question {
  project: Project;
  framework: FoundFramework | undefined;
  site: Site | undefined;
  runtime: "node" | "bun";
  /** Whether nothing but a library is likely here. */
  library: boolean;
}
