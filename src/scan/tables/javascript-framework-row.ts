import type { Kind } from "../fact.ts";

/** How a framework of JavaScript is known, and what it does by its documentation. */
export interface FrameworkRow {
  id: string;
  /** Any of these packages. */
  packages: readonly string[];
  /**
   * `site` renders pages itself, at requests or in a build; `server` is a library that the program calls; `client` builds files
   * for browsers, and gives way to a server in the same package.
   */
  role: "site" | "server" | "client";
  /** Base name of its configuration. */
  config?: RegExp;
  /** Programs whose use in a script shows it. */
  programs?: readonly string[];
  /** A file, relative to the package, that shows it without any package. */
  mark?: string;
  /** Packages that are imported where the package of the framework has another name. */
  imports?: readonly string[];
  /** Whether `devDependencies` are the usual place of its package. */
  inDevelopment?: true;
  kind: Kind;
  /** Where its own server listens unless it is told otherwise. */
  port?: number;
  /** What starts what its build made. */
  start?: string;
  /** Folder that its build writes files for browsers to. */
  output?: string;
}

/** The configuration of a tool that is written as code: `next.config.mjs`. */
export function codeConfigName(name: string): RegExp {
  return new RegExp(`^${name}\\.config\\.[cm]?[jt]s$`);
}
