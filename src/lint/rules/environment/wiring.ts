import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { RuleContext } from "../../rule.ts";
import { composeOf, environmentOf } from "../compose/model.ts";
import { purposeOf } from "../compose/purpose.ts";
import { complain } from "../places.ts";

/** Secrets that a service reads and its container is not given. */
export function unwired(file: LintFile, context: RuleContext): Complaint[] {
  const compose = composeOf(file, context);
  if (purposeOf(compose, context) !== "production") return [];
  return compose.services.flatMap(({ name, value, path, open }) => {
    const service = context.services.find((expected) => expected.name === name);
    if (!service || open || "env_file" in value || "secrets" in value || "configs" in value) return [];
    const given = new Set(environmentOf(value).map((variable) => variable.name));
    const missing = service.env
      .filter((variable) => variable.class === "secret" && !given.has(variable.name))
      .map((variable) => variable.name);
    if (missing.length === 0) return [];
    return [
      complain(
        compose.document,
        path,
        `${name} reads ${missing.sort().join(", ")}, which nothing gives it: add environment or env_file`,
      ),
    ];
  });
}
