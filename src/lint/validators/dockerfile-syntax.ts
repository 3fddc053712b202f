import { type ValidationCode as Code, ValidationCode, ValidationSeverity, validate } from "dockerfile-utils";
import { dockerfileOf } from "../dockerfile.ts";
import type { Complaint } from "../finding.ts";
import type { Validator } from "./validator.ts";

/** What other rules say better, or what builds all the same. */
const LEFT_OUT: ReadonlySet<Code> = new Set([
  ValidationCode.DUPLICATE_BUILD_STAGE_NAME,
  // The argument may come from the command line.
  ValidationCode.BASE_NAME_EMPTY,
  // Newer versions of the builder have flags that the judge does not know yet.
  ValidationCode.UNKNOWN_ADD_FLAG,
  ValidationCode.UNKNOWN_COPY_FLAG,
  ValidationCode.UNKNOWN_FROM_FLAG,
  ValidationCode.UNKNOWN_HEALTHCHECK_FLAG,
]);
const IGNORED = {
  deprecatedMaintainer: ValidationSeverity.IGNORE,
  directiveCasing: ValidationSeverity.IGNORE,
  emptyContinuationLine: ValidationSeverity.IGNORE,
  instructionCasing: ValidationSeverity.IGNORE,
  instructionCmdMultiple: ValidationSeverity.IGNORE,
  instructionEntrypointMultiple: ValidationSeverity.IGNORE,
  instructionHealthcheckMultiple: ValidationSeverity.IGNORE,
  instructionJSONInSingleQuotes: ValidationSeverity.IGNORE,
  instructionWorkdirRelative: ValidationSeverity.IGNORE,
};

/** What the builder would refuse. */
export const dockerfileSyntax: Validator = {
  id: "dockerfile-syntax",
  kinds: ["dockerfile"],
  async validate(file): Promise<Complaint[]> {
    const { directives, problems } = dockerfileOf(file);
    // Another frontend has another language.
    if (directives.syntax !== undefined && !/(?:^|\/)docker\/dockerfile/.test(directives.syntax)) return [];
    const found = diagnose(file.text);
    // The judge itself fails at some unfinished documents: then the reader's word counts.
    if (!found) return problems;
    return found
      .filter(
        ({ code, range }) => !LEFT_OUT.has(code as Code) && !isHere(code as Code, file.lines[range.end.line] ?? ""),
      )
      .map(({ code, message, range: { start, end } }) => ({
        message: typeof message === "string" ? message : message.value,
        line: start.line + 1,
        column: start.character + 1,
        endLine: end.line + 1,
        // The newer builder takes it where the folder exists.
        ...(code === ValidationCode.INVALID_DESTINATION ? { severity: "warning" as const } : {}),
      }));
  },
};

function diagnose(text: string): ReturnType<typeof validate> | undefined {
  try {
    return validate(text, IGNORED);
  } catch {
    return undefined;
  }
}

/** `COPY a b .` copies into the working folder. */
function isHere(code: Code, line: string): boolean {
  return code === ValidationCode.INVALID_DESTINATION && /(?:\s|\/)\.{1,2}["']?\s*$/.test(line);
}
