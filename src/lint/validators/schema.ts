import type { z } from "zod";
import type { Document } from "../../formats/document.ts";
import type { Complaint } from "../finding.ts";
import { complain } from "../rules/places.ts";

/** Where a document does not fit a schema. Keys that the schema does not know are warnings: they may be newer than it. */
export function schemaComplaints(document: Document, schema: z.ZodType, value: unknown = document.value): Complaint[] {
  const parsed = schema.safeParse(value);
  if (parsed.success) return [];
  return parsed.error.issues.flatMap((issue) => {
    const path = issue.path.filter((key) => typeof key !== "symbol");
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) =>
        complain(document, [...path, key], `unknown key \`${key}\`: it is ignored or refused`, { severity: "warning" }),
      );
    const where = path.length === 0 ? "" : `${path.join(".")}: `;
    return [complain(document, path, `${where}${issue.message}`)];
  });
}
