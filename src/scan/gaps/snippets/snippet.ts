/** What closes a gap in one framework: words to add, and where, if not in the file that starts the application. */
export interface Snippet {
  text: string;
  /** Relative to the service. */
  file?: string;
}

export const TOPICS = ["health", "shutdown", "metrics", "logging"] as const;
export type Topic = (typeof TOPICS)[number];

export type Snippets = Partial<Record<Topic, Snippet>>;

/** A snippet for the file that starts the application, or for another one. */
export function snippet(text: string, file?: string): Snippet {
  return { text: `${text.trim()}\n`, ...(file === undefined ? {} : { file }) };
}
