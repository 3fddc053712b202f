import type { Plan } from "../../plan.ts";
import { type Delivery, environmentName, type Stage } from "../release.ts";

/** Railway builds what it is given; its health check decides whether the new deployment takes over, and migrations are its pre-deploy command. */
export function railwayDelivery(plan: Plan, stage: Stage): Delivery {
  const environment = environmentName(plan, stage);
  const version = plan.pins.tools.railway?.version ?? "latest";
  return {
    needs: [{ name: "RAILWAY_TOKEN", secret: true, what: `project token of Railway for ${environment}` }],
    images: false,
    login: null,
    stationmaster: false,
    steps: [
      {
        id: "install",
        name: "Install the CLI",
        script: `npm install --global --ignore-scripts=false @railway/cli@${version}`,
      },
      {
        id: "release",
        name: `Deploy to ${environment}`,
        script: plan.services
          .map(({ name }) => `railway up --ci --service ${name} --environment ${environment}`)
          .join("\n"),
      },
    ],
    rollback: null,
    notes: [
      "Railway keeps the deployment before until the health check of the new one holds; to go back later, choose Rollback at a deployment in its dashboard",
      "Railway builds staging and production from the same commit, each for itself: it takes no finished image from `railway up`",
    ],
  };
}
