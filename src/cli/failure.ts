import type { CommanderError } from "commander";
import type { ApiError } from "../contract/status.ts";
import { type KnownError, oneLine, UserError } from "../core/errors.ts";

/** What standard error shows of an error: text for people, or a line of JSON in the shape of the HTTP interface. */
export function errorText(error: KnownError, { json, verbose }: { json: boolean; verbose: boolean }): string {
  const stack = verbose ? (error.cause instanceof Error ? error.cause : error).stack : undefined;
  if (!json) return [forPeople(error), ...(stack ? [stack] : [])].join("\n");
  const { code, message, next = null, exitCode } = error;
  const answer: ApiError = { error: { code, message, next, exitCode } };
  return JSON.stringify({ error: { ...answer.error, ...(stack ? { stack } : {}) } });
}

/** One line; the mistakes of a manifest have a line each. */
function forPeople(error: KnownError): string {
  if (!error.code.startsWith("SM-CONFIG-") || !error.message.includes("\n")) return oneLine(error);
  return [`error ${error.code}: ${error.message}`, ...(error.next ? [error.next] : [])].join("\n");
}

/** What commander found wrong, in our words; `command` is what the user began to type. */
export function usageError({ message }: CommanderError, command: string): UserError {
  const [first = "", hint = ""] = message.replace(/^error: /, "").split("\n");
  const guess = /Did you mean (.+)\?/.exec(hint)?.[1];
  return badUsage(first.replace(/\.$/, ""), guess ? `did you mean ${guess}?` : `see ${command} --help`);
}

/** A whole number given to an option; anything else is an `SM-USAGE`. */
export function wholeNumber(text: string, { option, from, to }: { option: string; from: number; to: number }): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isInteger(value) && value >= from && value <= to) return value;
  throw badUsage(`${option} takes a whole number from ${from} to ${to}, not "${text}"`, "correct the number");
}

/** A path given to a command; an empty one is an `SM-USAGE`: what a script left unset is no wish for the folder it runs in. */
export function givenPath(text: string, what: string): string {
  if (text !== "") return text;
  throw badUsage(`${what} has an empty name`, "a variable may be unset; `.` is the folder here");
}

/** Wrong use of a command: `SM-USAGE`. */
export function badUsage(message: string, next: string): UserError {
  return new UserError({ code: "SM-USAGE", message, next });
}
