import type { Expression } from "./expression.ts";

/** A context whose text can become part of a result. */
export interface Flow {
  /** `github.event.issue.title`. */
  path: string;
  /** Whether all that lies below it comes along. */
  whole: boolean;
}

/** Functions that hand on their arguments; the others answer a boolean, a number or a hash. */
const HAND_ON = new Set(["format", "join", "tojson", "fromjson", "case"]);

/** The contexts whose text can be in the result of an expression; a comparison only says yes or no. */
export function flowsOf(expression: Expression | undefined): Flow[] {
  if (!expression) return [];
  switch (expression.kind) {
    case "context":
      return [{ path: expression.path.join("."), whole: false }];
    case "call":
      if (!HAND_ON.has(expression.name)) return [];
      return expression.args
        .flatMap(flowsOf)
        .map(({ path, whole }) => ({ path, whole: whole || expression.name === "tojson" }));
    case "binary":
      if (expression.operator === "||") return [...flowsOf(expression.left), ...flowsOf(expression.right)];
      return expression.operator === "&&" ? flowsOf(expression.right) : [];
    default:
      return [];
  }
}

/** All contexts an expression looks at. */
export function contextsIn(expression: Expression | undefined): string[][] {
  if (!expression) return [];
  switch (expression.kind) {
    case "context":
      return [expression.path, ...expression.indices.flatMap(contextsIn)];
    case "call":
      return expression.args.flatMap(contextsIn);
    case "not":
      return contextsIn(expression.of);
    case "binary":
      return [...contextsIn(expression.left), ...contextsIn(expression.right)];
    default:
      return [];
  }
}
