import { ask, type Lab, type LabOptions, openLab } from "../../test/lab/lab.ts";
import { systemClock } from "../core/clock.ts";
import { type Engine, openEngine } from "../daemon/engine.ts";
import { findPlace } from "../daemon/place.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import { createDeployer, type Deployer, type PlannedRollout } from "./deployer.ts";
import type { Boundary } from "./journal.ts";
import { type DeployOptions, type PlanSources, planDeploy, planRollback } from "./request.ts";
import type { DeployDependencies } from "./run.ts";

const LONGEST_SLEEP_MS = 40;

/** Real time, but nobody waits long between two looks; a bake still ends at its wall-clock time. */
const impatientClock = {
  ...systemClock,
  sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(Math.min(ms, LONGEST_SLEEP_MS), signal),
};

/** The engine in this process, over real processes, a real router and a real database. */
export interface DeployLab extends Lab {
  engine: Engine;
  dependencies: DeployDependencies;
  deployer: Deployer;
  sources(): PlanSources;
  plan(options?: Partial<DeployOptions>): Promise<PlannedRollout>;
  ship(options?: Partial<DeployOptions>): Promise<RolloutRow>;
  goBack(to?: string): Promise<RolloutRow>;
  /** Another controller on the same store, as a second process would be. */
  another(change?: Partial<DeployDependencies>): Deployer;
}

export async function openDeployLab(
  options: LabOptions = {},
  { boundary }: { boundary?: Boundary } = {},
): Promise<DeployLab> {
  const lab = await openLab(options);
  const engine = await openEngineOf(lab);
  const dependencies: DeployDependencies = { ...engine.deploy, clock: impatientClock, boundary };
  const deployer = createDeployer(dependencies);
  const sources = (): PlanSources => ({
    manifest: taken(engine),
    environment: engine.environment,
    store: engine.store,
    platform: engine.platform,
    secretDigest: engine.secretDigest,
    signal: AbortSignal.timeout(60_000),
  });
  const carryOut = async (planned: PlannedRollout) => await deployer.run((await deployer.begin(planned)).id);
  const plan = (more: Partial<DeployOptions> = {}) => planDeploy(sources(), { actor: "test", ...more });
  const url = async (name = "app") => {
    const found = await engine.serviceUrl(name);
    if (!found) throw new Error(`${name} has no address`);
    return found;
  };
  return {
    ...lab,
    engine,
    dependencies,
    deployer,
    sources,
    plan,
    ship: async (more) => await carryOut(await plan(more)),
    goBack: async (to) => await carryOut(await planRollback(sources(), { to, actor: "test" })),
    another: (change = {}) => createDeployer({ ...dependencies, ...change }),
    url,
    ask: async (path, name) => await ask(`${await url(name)}${path}`),
    close: async () => {
      await deployer.stop();
      await engine.close();
      await lab.close();
    },
  };
}

/** The manifest as it is now, in force at once. */
function taken(engine: Engine) {
  engine.adopt(engine.read());
  return engine.manifest;
}

/** Opens the engine as a command would, with the lab's database. */
async function openEngineOf(lab: Lab): Promise<Engine> {
  const before = process.env.DATABASE_URL;
  setVariable("DATABASE_URL", lab.env.DATABASE_URL);
  try {
    return await openEngine(findPlace({ config: `${lab.root}/stationmaster.yaml`, state: lab.state }));
  } finally {
    setVariable("DATABASE_URL", before);
  }
}

function setVariable(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
