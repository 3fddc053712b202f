import colors from "picocolors";
import type { HostRemains, RemovalPlan } from "../contract/removal.ts";
import type { Engine } from "../daemon/engine.ts";
import { type DaemonFile, runningDaemon } from "../daemon/lock.ts";
import { findPlace, type Place } from "../daemon/place.ts";
import { confirmByName } from "./confirm.ts";
import { print, printJson } from "./output.ts";
import { hang } from "./plan-lines.ts";
import { actor, type GlobalOptions } from "./session.ts";

export interface RemovalOptions extends GlobalOptions {
  volumes?: boolean;
  plan?: boolean;
  yes?: boolean;
}

/** Shows what an environment has on its hosts, asks, and takes it off them; a daemon of it is ended first. */
export async function removeFromHosts(
  options: RemovalOptions,
  environment: string | undefined,
  endDaemon: (daemon: DaemonFile) => Promise<void>,
): Promise<void> {
  const { volumes = false, json = false } = options;
  const place = findPlace(options);
  const plan = await withEngine(place, environment, async (engine) => {
    const { planRemoval } = await import("../daemon/remove.ts");
    return await planRemoval(engine, { volumes });
  });
  if (!json) print(removalLines(plan).join("\n"));
  if (options.plan) return json ? printJson(plan) : undefined;
  await confirmByName("Take it off these hosts", plan.environment, options);
  const daemon = await runningDaemon(place);
  // Its end is that of the embedded database too.
  if (daemon && daemon.environment === plan.environment) await endDaemon(daemon);
  const { incomplete, removeEnvironment } = await import("../daemon/remove.ts");
  const removal = await withEngine(place, environment, (engine) => removeEnvironment(engine, plan, actor()));
  if (json) printJson(removal);
  const failure = incomplete(removal);
  if (failure) throw failure;
  if (!json) print(`${plan.environment} is off ${removal.removed.join(", ")}`);
}

async function withEngine<T>(
  place: Place,
  environment: string | undefined,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const [{ openEngine }, { leaveStore }] = await Promise.all([
    import("../daemon/engine.ts"),
    import("../daemon/store.ts"),
  ]);
  const engine = await openEngine(place, { environment });
  try {
    return await work(engine);
  } finally {
    await engine.close();
    if (!(await runningDaemon(place))) await leaveStore(place, engine.store);
  }
}

/** What goes from each host, and what stays. */
function removalLines({ environment, volumes, hosts, away }: RemovalPlan): string[] {
  return [
    `${colors.bold("remove")} ${environment}${volumes ? " with its volumes" : ""}`,
    ...hosts.flatMap((host) => hostLines(host, volumes)),
    ...away.flatMap(({ host, reason }) => hang(`${host}: `, `cannot be asked: ${reason}`, { indent: 2 })),
  ];
}

function hostLines(remains: HostRemains, volumes: boolean): string[] {
  const { host, routes, containers, networks, images, proxy } = remains;
  const goes = (what: string, names: readonly string[]) =>
    names.length > 0 ? hang(`  ${what.padEnd(11)}`, names.join(", ")) : [];
  const lines = [
    ...goes("containers", containers),
    ...goes("routes", routes),
    ...goes("networks", networks),
    ...goes("images", images),
    ...goes("volumes", volumes ? remains.volumes : []),
    ...goes("proxy", proxy ? ["stops, as no other route needs it"] : []),
  ];
  const stays = volumes ? [] : remains.volumes;
  return [
    `${host}:${lines.length === 0 ? " nothing" : ""}`,
    ...lines,
    ...(stays.length > 0 ? hang("  stays      ", `volumes ${stays.join(", ")} (--volumes removes them)`) : []),
  ];
}
