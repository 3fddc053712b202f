import { clip, printable } from "../core/text.ts";

const MOST_LETTERS = 72;

/** How a fact of that name reads; for others their value is written as data. */
const WORDS: Record<string, (value: Record<string, unknown>) => string> = {
  runtime: ({ name, version }) => `${name}${version === null ? ", any version" : ` ${version}`}`,
  migrations: ({ tool, command }) => `${tool}: ${command}`,
  process: ({ command }) => String(command),
  cron: ({ schedule, command }) => `${schedule}${command === null ? "" : `  ${command}`}`,
  store: ({ kind, version, variable }) => [kind, version, variable && `in ${variable}`].filter(Boolean).join(" "),
  internal: ({ path }) => String(path),
  state: ({ path, what }) => `${path} (${what})`,
  native: (value) => String(value.package),
  integration: ({ name }) => String(name),
  metric: ({ name }) => String(name),
  metrics: ({ path }) => String(path),
  websocket: ({ library }) => String(library),
  shutdown: ({ signal }) => `on ${signal}`,
  logging: ({ library, json }) => `${library}, ${json ? "JSON" : "words"}`,
  cors: ({ open }) => (open ? "every origin" : "named origins"),
  env: (value) =>
    [
      value.class,
      value.phase === "build" && "at the build",
      !value.required && "optional",
      value.default !== null && `default ${value.default}`,
    ]
      .filter(Boolean)
      .join(", "),
};

/** The value of a fact in one line for people. Words of the repository are data: nothing in them reaches the terminal as a command. */
export function valueText(name: string, value: unknown): string {
  const words = Object.hasOwn(WORDS, name) ? WORDS[name] : undefined;
  const text =
    words && typeof value === "object" && value !== null ? words(value as Record<string, unknown>) : plainText(value);
  return clip(safeText(text), MOST_LETTERS);
}

/** Words of a repository, fit for a terminal: on one line, without codes. */
export function safeText(text: string): string {
  return printable(text).replace(/[\n\t]+/g, " ");
}

function plainText(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.join(", ");
  return JSON.stringify(value) ?? "";
}
