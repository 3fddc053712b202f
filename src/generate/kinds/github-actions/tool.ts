import { TOOL_FOLDER } from "../../pipeline/targets/compose.ts";
import type { Plan } from "../../plan.ts";
import { action, type WorkflowStep } from "./workflow.ts";

/** Stationmaster beside the repository, at the commit that the project chose. */
export function toolSteps({ pins }: Plan): WorkflowStep[] {
  const uses = action(pins, "actions/checkout");
  const repository = "${{ vars.STATIONMASTER_REPOSITORY }}";
  const ref = "${{ vars.STATIONMASTER_REF }}";
  if (!uses) return [];
  return [
    {
      name: "Check out Stationmaster",
      uses,
      with: { repository, ref, path: TOOL_FOLDER, "persist-credentials": false },
    },
  ];
}
