import { validateHcl } from "../../formats/hcl/validate.ts";
import type { Validator } from "./validator.ts";

/** The parser of Terraform. */
export const hcl: Validator = {
  id: "hcl",
  kinds: ["terraform"],
  validate: ({ text }) => validateHcl(text),
};
