import { askedVariables } from "../../kinds/compose/asked.ts";
import type { Plan } from "../../plan.ts";
import { type Delivery, environmentName, imageServices, type Needed, type Stage, type Step } from "../release.ts";

/** Where the pipeline keeps the command line of Stationmaster beside the repository. */
export const TOOL_FOLDER = ".stationmaster-cli";
/** The command line, from the root of the repository. */
export const COMMAND = `./${TOOL_FOLDER}/bin/stationmaster`;

/** Servers: Stationmaster itself carries the release out, watches it and goes back. */
export function composeDelivery(plan: Plan, stage: Stage): Delivery {
  const environment = environmentName(plan, stage);
  const secrets = valuesOf(plan);
  // Their names go through files: in the environment, DATABASE_URL would be Stationmaster's own database.
  const writes = secrets.map(
    ({ name }) => `if [ -n "$${name}" ]; then printf '%s' "$${name}" > "$WORK/secrets/${name.replace(GIVEN, "")}"; fi`,
  );
  const files = secrets.length > 0 ? ["umask 077", 'mkdir -p "$WORK/secrets"', ...writes] : [];
  const found = secrets.length > 0 ? ['export STATIONMASTER_SECRETS="$WORK/secrets"'] : [];
  const strategy = stage === "production" ? " --strategy blue-green" : "";
  return {
    needs: [
      { name: "STATIONMASTER_STATE", secret: false, what: "folder on the runner that keeps the state of deployments" },
      ...secrets,
    ],
    images: imageServices(plan).length > 0,
    login: null,
    stationmaster: true,
    steps: [
      composeInstall(),
      ...(files.length > 0 ? [{ id: "secrets", name: "Hand over secrets as files", script: files.join("\n") }] : []),
      {
        id: "release",
        name: `Deploy to ${environment}`,
        script: [...found, `${COMMAND} deploy ${environment}${strategy} --release "$RELEASE" --yes`].join("\n"),
      },
    ],
    rollback: {
      id: "rollback",
      name: "Go back to the release before",
      script: [...found, `${COMMAND} rollback ${environment} --yes`].join("\n"),
    },
    goesBackItself: true,
    notes: [
      ...missingEnvironments(plan),
      "the servers pull the images themselves: run `docker login` once on each where they are private",
      "deploys run on a self-hosted runner with the labels self-hosted and stationmaster, with Docker, Node.js and jq: it reaches the servers over SSH and keeps the state of deployments in STATIONMASTER_STATE",
      "Stationmaster comes from no package registry: set the variables STATIONMASTER_REPOSITORY (owner/name) and STATIONMASTER_REF (a commit) to where your copy of it lies",
    ],
  };
}

/** Its packages; none of them runs anything when it is installed. */
export function composeInstall(): Step {
  return {
    id: "install",
    name: "Install Stationmaster",
    script: `npm ci --ignore-scripts --no-audit --no-fund --prefix ${TOOL_FOLDER}`,
  };
}

/** What values are called on their way: in front of the name that the Compose file reads. */
const GIVEN = /^(?:SECRET|SETTING)_/;

/** What the Compose file is given: secrets of the code, and all that it does not start without. */
function valuesOf(plan: Plan): Needed[] {
  const asked = askedVariables(plan);
  const all = plan.services.flatMap(({ env }) => env);
  const secrets = all.filter((one) => one.class === "secret" && one.phase === "run").map(({ name }) => name);
  const names = [...new Set([...secrets, ...asked])].sort();
  return names.map((name) => {
    const open = all.some((one) => one.name === name && one.class !== "secret");
    const what = asked.includes(name) ? "compose.yaml asks for it" : "empty where the Compose file has one";
    return { name: `${open ? "SETTING" : "SECRET"}_${name}`, secret: !open, what: `value of ${name}; ${what}` };
  });
}

/** What the manifest has to say before `deploy` knows where to. */
function missingEnvironments({ environments }: Plan): string[] {
  const missing = (["staging", "production"] as const).filter(
    (stage) =>
      !environments.some(
        ({ production, preview, assumed }) => !preview && !assumed && production === (stage === "production"),
      ),
  );
  if (missing.length === 0) return [];
  const entries = missing.map((name) => `${name}: { platform: compose, hosts: [deploy@${name}.example.com] }`);
  return [
    `before the first deployment, say in stationmaster.yaml below environments where ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"}, with your servers: ${entries.join("; ")}`,
  ];
}
