/** What a program of a service does while one works on it. */
export interface Running {
  /** One command line of a shell, without `exec`; undefined where the image runs as it is. */
  command: string | undefined;
  /** What comes before it at each start: it has to succeed. */
  before?: string;
  /** What runs beside it in the same container. */
  beside?: readonly string[];
  /** How it takes a change: by itself, started anew, or with an image built anew. */
  takes: "itself" | "restart" | "rebuild";
}

/** The image as production has it, built again for each change. */
export const REBUILT: Running = { command: undefined, takes: "rebuild" };

/** The words that the container starts with; the last program replaces the shell, and so gets the signals. */
export function shellWords({ command, before, beside = [] }: Running): string[] | undefined {
  if (command === undefined) return undefined;
  const alone = /&&|\|\||[;|]/.test(command.replace(/"[^"]*"|'[^']*'/g, "")) ? command : `exec ${command}`;
  const first = before === undefined ? "" : `${before} && `;
  return ["sh", "-c", `${beside.map((line) => `(${line}) & `).join("")}${first}${alone}`];
}
