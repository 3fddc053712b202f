import { servicesThere } from "../../kinds/railway/names.ts";
import type { Plan } from "../../plan.ts";
import { type Delivery, environmentName, type Stage } from "../release.ts";

/** Railway builds what it is given; its health check decides whether the new deployment takes over, and migrations are its pre-deploy command. */
export function railwayDelivery(plan: Plan, stage: Stage): Delivery {
  const environment = environmentName(plan, stage);
  const version = plan.pins.tools.railway?.version ?? "latest";
  const names = servicesThere(plan);
  const list = (name: string) => `railway deployment list --service ${name} --environment ${environment}`;
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
        id: "previous",
        name: "Note what runs now",
        script: names
          .map(
            (name) => `${list(name)} --json |
  jq -r 'map(select(.status == "SUCCESS"))[0].id // ""' > "$WORK/${name}.previous"`,
          )
          .join("\n"),
      },
      {
        id: "release",
        name: `Deploy to ${environment}`,
        script: [
          `# The upload ends when the image is built: whether the deployment took over is asked for.
settled() {
  for _ in $(seq 60); do
    status=$(${list('"$1"')} --limit 1 --json | jq -r '.[0].status')
    case $status in
      SUCCESS | SLEEPING) return 0 ;;
      FAILED | CRASHED | REMOVED) break ;;
    esac
    sleep 10
  done
  echo "the deployment of $1 is $status" >&2
  return 1
}`,
          ...names.flatMap((name) => [
            `railway up --ci --service ${name} --environment ${environment}`,
            `settled ${name}`,
          ]),
        ].join("\n"),
      },
    ],
    rollback: {
      id: "rollback",
      name: "Go back to the deployment before",
      script: `back() {
  if [ -z "$1" ]; then return 0; fi
  jq -n --arg id "$1" '{query: "mutation($id: String!) { deploymentRollback(id: $id) }", variables: {id: $id}}' |
    curl --fail --silent --show-error https://backboard.railway.com/graphql/v2 --data @- \\
      --header "Project-Access-Token: $RAILWAY_TOKEN" --header 'Content-Type: application/json' |
    jq -e .data.deploymentRollback
}
${names.map((name) => `back "$(cat "$WORK/${name}.previous")"`).join("\n")}`,
    },
    proof: {
      id: "smoke",
      name: "Smoke test: it goes on running",
      script: [
        "sleep 60",
        ...names.map(
          (name) => `${list(name)} --limit 1 --json | jq -e '.[0].status | . == "SUCCESS" or . == "SLEEPING"'`,
        ),
      ].join("\n"),
    },
    notes: [
      "Railway builds staging and production from the same commit, each for itself: it takes no finished image from `railway up`",
    ],
  };
}
