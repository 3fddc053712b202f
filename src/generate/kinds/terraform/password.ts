import { expr, type HclBlock, type HclValue } from "../../../formats/hcl/write.ts";
import type { Plan } from "../../plan.ts";
import { extended, validation, variable } from "./blocks.ts";

/** Counts the passwords that databases have had: one more makes a new one. */
export const PASSWORD_VERSION = expr("var.password_version");

/** The version of a secret: with a password in it, it is written again when that is. */
export function secretVersion(value: string): HclValue {
  return value.includes("ephemeral.") ? PASSWORD_VERSION : 1;
}

/** The variable that counts; none without databases. */
export function passwordVariable({ stores }: Plan): HclBlock[] {
  if (!stores.some(({ kind }) => kind === "postgres" || kind === "mysql" || kind === "mariadb")) return [];
  return [
    extended(
      variable(
        "password_version",
        "number",
        "Raised by one, databases get new passwords; programs have to be started anew then",
        1,
      ),
      [
        validation(
          "var.password_version >= 1 && floor(var.password_version) == var.password_version",
          "1, 2, 3 and so on.",
        ),
      ],
    ),
  ];
}
