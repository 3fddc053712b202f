import type { Plan, PlannedService } from "../../plan.ts";
import { targetNames } from "../target-names.ts";
import { fitted, hostOf, projectSlug } from "../terraform/naming.ts";

/** As `infra/azure` shortens the names of its apps. */
const LONGEST_APP = 20;

/** What ends an incident on the platform itself, as cells of a table; null where it has no command for it. */
export interface PlatformHelp {
  back: string;
  restart: string | null;
  migration: string;
}

/** How one goes back, starts a service anew and reads its migration there. */
export function platformHelp(service: PlannedService, plan: Plan): PlatformHelp {
  const named = targetNames(plan);
  const { name } = named.services[plan.services.indexOf(service)] ?? service;
  const place = `${projectSlug(plan)}-production`;
  const space = `kubectl -n ${named.project}-production`;
  const app = `${fitted(name, LONGEST_APP)}-production`;
  const region = named.cloud.region;
  const again = "run the pipeline of production for the release before";
  const inBucket = service.role === "static" && ["aws", "gcp", "azure"].includes(plan.target);
  if (inBucket) return { back: again, restart: null, migration: "" };
  const helps: Record<Plan["target"], PlatformHelp> = {
    compose: {
      back: "`stationmaster rollback`",
      restart: `\`stationmaster restart ${name}\``,
      migration: "`stationmaster migrations`",
    },
    railway: {
      back: `Rollback at the deployment before, in Deployments of ${name}; or ${again}`,
      restart: `\`railway redeploy --service ${name} --yes\``,
      migration: `\`railway logs --service ${name} --deployment\``,
    },
    vercel: { back: "`vercel rollback`", restart: null, migration: "the log of who runs it" },
    kubernetes: {
      back: `\`${space} rollout undo deploy/${name}\``,
      restart: `\`${space} rollout restart deploy/${name}\``,
      migration: `\`${space} logs job/${name}-migrate\``,
    },
    aws: {
      back: `\`aws ecs list-task-definitions --family-prefix ${place}-${name} --sort DESC\`, then \`aws ecs update-service --cluster ${place} --service ${name} --task-definition\` with the one before`,
      restart: `\`aws ecs update-service --cluster ${place} --service ${name} --force-new-deployment\``,
      migration: `\`aws logs tail /ecs/${place}/${name}-migrate --since 1h\``,
    },
    gcp: {
      back: `\`gcloud run revisions list --service ${place}-${name} --region ${region}\`, then \`gcloud run services update-traffic ${place}-${name} --region ${region} --to-revisions REVISION=100\``,
      restart: `\`gcloud run services update ${place}-${name} --region ${region} --update-labels restarted=$(date +%s)\``,
      migration: `\`gcloud run jobs executions list --job ${place}-${name}-migrate --region ${region}\``,
    },
    azure: {
      back: `\`az containerapp revision list --name ${app} --resource-group ${place} --output table\`, then \`az containerapp revision copy --name ${app} --resource-group ${place} --from-revision REVISION\``,
      restart: `\`az containerapp revision restart --name ${app} --resource-group ${place} --revision REVISION\``,
      migration: `\`az containerapp job execution list --name ${fitted(`${name}-migrate`, LONGEST_APP)}-production --resource-group ${place}\``,
    },
  };
  return helps[plan.target];
}

/** Commands that say what the platform itself knows of the service, with the names that the generated files give it. */
export function platformLook(service: PlannedService, plan: Plan): string[] {
  const { role } = service;
  const named = targetNames(plan);
  const { name } = named.services[plan.services.indexOf(service)] ?? service;
  const { project, target, cloud } = named;
  const place = `${projectSlug(plan)}-production`;
  const app = `${fitted(name, LONGEST_APP)}-production`;
  const pages = role === "static" ? [pageLook(service, plan)] : undefined;
  const looks: Record<Plan["target"], () => string[]> = {
    compose: () => [`docker compose ps ${name}`, `docker compose logs --tail 200 ${name}`, ...healthLook(service)],
    railway: () => [`railway logs --service ${name}`, "railway status"],
    vercel: () => pages ?? ["vercel ls", "vercel logs"],
    kubernetes: () => [
      `kubectl -n ${project}-production get pods -l app.kubernetes.io/name=${name}`,
      `kubectl -n ${project}-production logs deploy/${name} --tail 200`,
    ],
    aws: () =>
      pages ?? [
        `aws ecs describe-services --cluster ${place} --services ${name} --query 'services[].events[:5]'`,
        `aws logs tail /ecs/${place}/${name} --since 30m`,
      ],
    gcp: () =>
      pages ?? [
        `gcloud run services describe ${place}-${name} --region ${cloud.region}`,
        `gcloud run services logs read ${place}-${name} --region ${cloud.region} --limit 200`,
      ],
    azure: () =>
      pages ?? [
        `az containerapp show --name ${app} --resource-group ${place} --query properties.runningStatus`,
        `az containerapp logs show --name ${app} --resource-group ${place} --tail 200`,
      ],
  };
  return looks[target]();
}

/** On the machine itself, past everything that lies between it and its users. */
function healthLook({ port, health }: PlannedService): string[] {
  return port === null ? [] : [`curl -fsS http://127.0.0.1:${port}${health ?? "/"}   # on the machine itself`];
}

/** Pages lie in a bucket there: nothing runs that could be asked. */
function pageLook(service: PlannedService, plan: Plan): string {
  const host = hostOf(service, plan).replace("${var.domain}", plan.domain ?? "DOMAIN");
  return `curl -fsSI https://${host}/   # the status, and how old what is cached is`;
}
