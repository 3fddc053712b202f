import { quoteForShell } from "../../../exec/quote.ts";
import type { Plan, PlannedService } from "../../plan.ts";
import { constantName, type Delivery, type Needed, type Stage } from "../release.ts";

/** Vercel: production is uploaded without its domain, asked, and only then given all visitors. */
export function vercelDelivery(plan: Plan, stage: Stage): Delivery {
  const version = plan.pins.tools.vercel?.version ?? "latest";
  const pages = vercelServices(plan);
  const live = stage === "production";
  const prod = live ? " --prod" : "";
  if (pages.length === 0)
    return {
      needs: [],
      images: false,
      login: null,
      stationmaster: false,
      steps: [],
      rollback: null,
      notes: ["Vercel runs pages and functions only, none of which this repository has: no deployment is written"],
    };
  const per = (make: (service: PlannedService) => string) => pages.map(make).join("\n");
  return {
    needs: [
      { name: "VERCEL_TOKEN", secret: true, what: "token of Vercel" },
      { name: "VERCEL_ORG_ID", secret: false, what: "team or account" },
      ...pages.map((service) => projectNeed(service, pages)),
    ],
    images: false,
    login: null,
    stationmaster: false,
    // A preview has no address but its own.
    ...(live ? {} : { asksItself: true as const }),
    steps: [
      { id: "install", name: "Install the CLI", script: `npm install --global vercel@${version}` },
      {
        id: "build",
        name: "Build",
        script: per(
          (
            service,
          ) => `${vercelProject(service, pages)}vercel pull --yes --cwd ${quoteForShell([service.path])} --environment=${live ? "production" : "preview"} --token "$VERCEL_TOKEN"
${vercelProject(service, pages)}vercel build --cwd ${quoteForShell([service.path])}${prod} --token "$VERCEL_TOKEN"`,
        ),
      },
      {
        id: "upload",
        name: live ? "Upload without the domain, and ask it" : "Upload, and ask it",
        script: per(
          (
            service,
          ) => `url=$(${vercelProject(service, pages)}vercel deploy --prebuilt${prod}${live ? " --skip-domain" : ""} --cwd ${quoteForShell([service.path])} --token "$VERCEL_TOKEN")
echo "$url" > "$WORK/${service.name}.url"
vercel curl / --deployment "$url" --token "$VERCEL_TOKEN" -- --fail --silent --show-error --output /dev/null --retry 5`,
        ),
      },
      ...(live
        ? [
            {
              id: "release",
              name: "Give it all visitors",
              script: per(
                (service) =>
                  `${vercelProject(service, pages)}vercel promote "$(cat "$WORK/${service.name}.url")" --yes --token "$VERCEL_TOKEN"`,
              ),
            },
          ]
        : []),
    ],
    rollback: live
      ? {
          id: "rollback",
          name: "Go back to the deployment before",
          script: per(
            (service) =>
              `${vercelProject(service, pages)}vercel rollback --yes --cwd ${quoteForShell([service.path])} --token "$VERCEL_TOKEN"`,
          ),
        }
      : null,
    notes: [
      "production on Vercel is built for itself, since its variables differ; it is asked before it gets visitors",
    ],
  };
}

/** Services that Vercel can run. */
export function vercelServices({ services }: Plan): PlannedService[] {
  return services.filter(({ role }) => role === "static" || role === "http");
}

/** With several projects each command names its own. */
export function vercelProject(service: PlannedService, all: readonly PlannedService[]): string {
  return all.length > 1 ? `VERCEL_PROJECT_ID="$${projectNeed(service, all).name}" ` : "";
}

function projectNeed({ name }: PlannedService, all: readonly PlannedService[]): Needed {
  return {
    name: all.length > 1 ? `VERCEL_PROJECT_ID_${constantName(name)}` : "VERCEL_PROJECT_ID",
    secret: false,
    what: `project of ${name}`,
  };
}
