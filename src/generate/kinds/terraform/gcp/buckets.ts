import { expr, type HclBlock, type HclValue, template } from "../../../../formats/hcl/write.ts";
import type { Plan } from "../../../plan.ts";
import { nested, resource } from "../blocks.ts";

/** A bucket without access by single objects, whose old versions go after a month. */
export function bucket(
  id: string,
  suffix: string,
  more: Record<string, HclValue>,
  blocks: readonly HclBlock[] = [],
): HclBlock {
  return resource(
    "google_storage_bucket",
    id,
    {
      // The id of a project is its own in the world: with the name of everything the 63 characters would not do.
      name: template(`\${var.project_id}-\${var.environment}-${suffix}`),
      location: expr("var.region"),
      uniform_bucket_level_access: true,
      ...more,
      depends_on: [expr("google_project_service.main")],
    },
    [
      nested("versioning", { enabled: true }),
      nested("lifecycle_rule", {}, [
        nested("condition", { days_since_noncurrent_time: 30 }),
        nested("action", { type: "Delete" }),
      ]),
      ...blocks,
    ],
  );
}

/** Files of the application, where it keeps some. */
export function buckets({ stores }: Plan): HclBlock[] {
  return stores.some(({ kind }) => kind === "s3")
    ? [bucket("files", "files", { public_access_prevention: "enforced" })]
    : [];
}
