import type { Plan, PlannedService } from "../../plan.ts";
import { targetNames } from "../target-names.ts";
import { fitted, hostOf, projectSlug } from "../terraform/naming.ts";

/** As `infra/azure` shortens the names of its apps. */
const LONGEST_APP = 20;

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
