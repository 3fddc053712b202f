import { expr, type HclBlock } from "../../../../formats/hcl/write.ts";
import { nested } from "../blocks.ts";

/** The statement by which roles of services may be given to tasks of ECS, and to nothing else. */
export function passRole(ids: readonly string[]): HclBlock {
  return nested(
    "statement",
    {
      actions: ["iam:PassRole"],
      resources: ids.flatMap((id) => [expr(`aws_iam_role.${id}_start.arn`), expr(`aws_iam_role.${id}_task.arn`)]),
    },
    [
      nested("condition", {
        test: "StringEquals",
        variable: "iam:PassedToService",
        values: ["ecs-tasks.amazonaws.com"],
      }),
    ],
  );
}
