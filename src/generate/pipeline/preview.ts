import { quoteForShell } from "../../exec/quote.ts";
import type { Plan } from "../plan.ts";
import type { Needed, Step } from "./release.ts";
import { COMMAND, composeInstall } from "./targets/compose.ts";
import { vercelProject, vercelServices } from "./targets/vercel.ts";

/** How a pull request gets a preview. Scripts get NUMBER; `open` leaves the address in `$WORK/url`. */
interface PreviewRecipe {
  kind: "jobs";
  needs: readonly Needed[];
  stationmaster: boolean;
  prepare: readonly Step[];
  open: string;
  close: string | null;
  remove: string;
  notes: readonly string[];
}

/** The previews of a plan; where there are none, why. */
export function previewOf(plan: Plan): PreviewRecipe | { kind: "none"; why: string } {
  if (plan.target === "compose") return composePreview(plan);
  if (plan.target === "vercel") return vercelPreview(plan);
  if (plan.target === "railway")
    return {
      kind: "none",
      why: "Railway makes previews itself: turn on PR environments in the settings of its project",
    };
  return {
    kind: "none",
    why: `no previews are written for ${plan.target}: each would need a database and a domain of its own there`,
  };
}

function composePreview(plan: Plan): PreviewRecipe | { kind: "none"; why: string } {
  if (!plan.environments.some(({ preview }) => preview))
    return {
      kind: "none",
      why: "for previews add an environment with `per: pull-request` to stationmaster.yaml (docs/guide/previews.md)",
    };
  return {
    kind: "jobs",
    needs: [
      { name: "STATIONMASTER_STATE", secret: false, what: "folder on the runner that keeps the state of deployments" },
    ],
    stationmaster: true,
    prepare: [composeInstall()],
    open: `${COMMAND} preview open "refs/pull/$NUMBER/head" --pr "$NUMBER"
${COMMAND} preview list --json | jq -er --arg name "pr-$NUMBER" '.previews[] | select(.name == $name) | .url' > "$WORK/url"`,
    close: `${COMMAND} preview close "pr-$NUMBER"`,
    remove: `if ${COMMAND} preview list --json | jq -e --arg name "pr-$NUMBER" 'any(.previews[]; .name == $name and .state != "removed")' > "$WORK/there"; then
  ${COMMAND} preview remove "pr-$NUMBER" --yes
fi`,
    notes: ["a daemon removes closed previews by itself after a week; the daily job does it where none runs"],
  };
}

function vercelPreview(plan: Plan): PreviewRecipe | { kind: "none"; why: string } {
  const services = vercelServices(plan);
  if (services.length === 0) return { kind: "none", why: "no previews: Vercel runs nothing of this repository" };
  const version = plan.pins.tools.vercel?.version ?? "latest";
  const commands = services.map((service) => {
    const project = vercelProject(service, services);
    return `${project}vercel pull --yes --cwd ${quoteForShell([service.path])} --environment=preview --token "$VERCEL_TOKEN"
${project}vercel build --cwd ${quoteForShell([service.path])} --token "$VERCEL_TOKEN"
${project}vercel deploy --prebuilt --cwd ${quoteForShell([service.path])} --meta pr="$NUMBER" --token "$VERCEL_TOKEN" >> "$WORK/url"`;
  });
  const removes = services.map((service) => {
    const project = vercelProject(service, services);
    return `${project}vercel list --yes --cwd ${quoteForShell([service.path])} --meta pr="$NUMBER" --token "$VERCEL_TOKEN" |
  xargs --no-run-if-empty ${project === "" ? "" : "env "}${project}vercel remove --yes --token "$VERCEL_TOKEN"`;
  });
  return {
    kind: "jobs",
    needs: [
      { name: "VERCEL_TOKEN", secret: true, what: "token of Vercel" },
      { name: "VERCEL_ORG_ID", secret: false, what: "team or account" },
      ...services.map((service) => ({
        name: vercelProject(service, services).split("$")[1]?.replace(/"\s*$/, "") ?? "VERCEL_PROJECT_ID",
        secret: false,
        what: `project of ${service.name}`,
      })),
    ],
    stationmaster: false,
    prepare: [{ id: "install", name: "Install the CLI", script: `npm install --global vercel@${version}` }],
    open: ['rm -f "$WORK/url"', ...commands].join("\n"),
    close: null,
    remove: removes.join("\n"),
    notes: [],
  };
}
