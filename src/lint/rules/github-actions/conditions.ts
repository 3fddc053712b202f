import type { Path } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import { complain } from "../places.ts";
import { type Expression, embeddedIn, parseExpression } from "./expression.ts";
import { stepsOf, workflowOf } from "./workflow.ts";

/** Conditions that are always true, and searches in a list that is none. */
export function conditions(file: LintFile): Complaint[] {
  const found = stepsOf(file);
  if (!found) return [];
  return [...(workflowOf(file)?.jobs ?? []), ...found.steps].flatMap(({ path, value }) => {
    const text = value.if;
    return typeof text === "string"
      ? ofCondition(text).map((told) => complain(found.document, at(path), told.message, told.more))
      : [];
  });
}

function at(path: Path): Path {
  return [...path, "if"];
}

interface Told {
  message: string;
  more: { severity: "error" | "warning" };
}

function ofCondition(text: string): Told[] {
  const embedded = embeddedIn(text);
  const [only] = embedded;
  const whole = only && only.start === 0 && only.end === text.length;
  if (only && !whole) {
    const message =
      text.trim() === only.raw
        ? "the line end behind `}}` makes this condition true always: drop `${{ }}`, or write `|-`"
        : "text beside `${{ }}` makes this condition true always: write the whole condition without `${{ }}`";
    return [{ message, more: { severity: "error" } }];
  }
  return searches(only ? only.expression : parseExpression(text)).map((list) => ({
    message: `contains('${list}', …) looks for a part of the text, so that parts of names pass too: write contains(fromJSON('["a", "b"]'), …)`,
    more: { severity: "warning" },
  }));
}

/** Literal texts in which a context is looked for. */
function searches(expression: Expression | undefined): string[] {
  switch (expression?.kind) {
    case "call": {
      const [list, item] = expression.args;
      const found =
        expression.name === "contains" &&
        list?.kind === "literal" &&
        typeof list.value === "string" &&
        item?.kind === "context" &&
        /^(?:github|env|inputs|vars)$/.test(item.path[0] ?? "");
      return [...(found ? [String(list.value)] : []), ...expression.args.flatMap(searches)];
    }
    case "not":
      return searches(expression.of);
    case "binary":
      return [...searches(expression.left), ...searches(expression.right)];
    default:
      return [];
  }
}
