import type { QueuedDeploy } from "../../contract/hold.ts";
import type { DeployRequest } from "../../contract/requests.ts";
import type { RolloutPlan, RolloutSummary, StrategyName } from "../../contract/rollout.ts";
import { toKnownError } from "../../core/errors.ts";
import { isEmpty } from "../../deploy/plan.ts";
import { refuseUnmet, unmet } from "../../deploy/preflight/override.ts";
import { confirm } from "../confirm.ts";
import { queuedLine } from "../hold-lines.ts";
import { print, printJson } from "../output.ts";
import { meetingLines, renderPlan } from "../plan.ts";
import { failureLines, followRollout, PATIENCE_MS, rolloutError } from "../progress.ts";
import { actor, type GlobalOptions, type Session, withSession } from "../session.ts";
import { waitTurn } from "../wait-turn.ts";

const INTERRUPTED = 130;

export interface DeployCommandOptions extends GlobalOptions {
  only?: string[];
  release?: string;
  strategy?: StrategyName;
  plan?: boolean;
  override?: string[];
  breakGlass?: boolean;
  reason?: string;
  whenOpen?: boolean;
  yes?: boolean;
}

export async function run(options: DeployCommandOptions, environment?: string): Promise<void> {
  const { release, strategy, breakGlass, reason } = options;
  const [only, override] = [words(options.only), words(options.override)];
  const request = { environment, only, release, strategy, override, breakGlass, reason };
  await withSession({ ...options, env: environment ?? options.env }, async (session) => {
    const { usecases } = session;
    const plan = await usecases.plan(request, actor());
    const closed = unmet(plan).some(({ item }) => item === "window");
    if (options.whenOpen && closed && !options.plan)
      return await queue(plan, options, () => usecases.queueDeploy({ ...request, planHash: plan.hash }, actor()));
    const agreed = { ...request, planHash: plan.hash };
    await agree(plan, options, () => beginOrWait(session, agreed, options.json ?? false), session);
  });
}

/** Where users have another rollout already, this one waits for its end; undefined: it was taken back meanwhile. */
async function beginOrWait({ usecases }: Session, request: DeployRequest, quiet: boolean): Promise<string | undefined> {
  try {
    return (await usecases.deploy(request, actor())).id;
  } catch (error) {
    if (toKnownError(error).code !== "SM-DEPLOY-BUSY") throw error;
  }
  return await waitTurn(usecases, await usecases.queueDeploy(request, actor()), quiet ? () => {} : print);
}

/** The words of an option that may be given as several or with commas. */
export function words(given: string[] | undefined): string[] | undefined {
  return given?.flatMap((item) => item.split(",")).filter(Boolean);
}

/** Leaves what is shown and agreed to with the daemon, until the environment opens. */
async function queue(
  plan: RolloutPlan,
  options: DeployCommandOptions,
  put: () => Promise<QueuedDeploy>,
): Promise<void> {
  if (!options.json) print(renderPlan(plan, { waits: "window" }));
  refuseUnmet(plan, { except: "window" });
  await confirm(`Ship ${plan.release} to ${plan.environment} when it opens?`, options);
  const queued = await put();
  if (options.json) printJson(queued);
  else print(queuedLine(queued));
}

/** Shows the plan, asks, begins and follows (what was taken back before it began is exit code 130); shared by deploy and rollback. Nothing to change is success, with the plan as the document. */
export async function agree(
  plan: RolloutPlan,
  options: GlobalOptions & { plan?: boolean; yes?: boolean },
  begin: () => Promise<string | undefined>,
  { usecases, remote, leave }: Session,
): Promise<void> {
  const json = options.json ?? false;
  if (options.plan) {
    if (json) printJson(plan);
    else print(renderPlan(plan));
    return refuseUnmet(plan);
  }
  if (isEmpty(plan)) {
    await begin().catch(unlessNothing);
    if (json) return printJson(plan);
    print(`nothing to deploy: ${plan.environment} runs ${plan.release} as the manifest and files say`);
    for (const line of meetingLines(plan)) print(line);
    return;
  }
  if (!json) print(renderPlan(plan));
  refuseUnmet(plan);
  await confirm(question(plan), options);
  const id = await begin().catch((error: unknown) => {
    unlessNothing(error);
    return null;
  });
  if (id === null) {
    if (json) printJson(plan);
    else print(`nothing left to deploy: ${plan.release} is what ${plan.environment} runs by now`);
    return;
  }
  if (id === undefined) {
    process.exitCode = INTERRUPTED;
    return;
  }
  const rollout = await followRollout(usecases, id, {
    quiet: json,
    patienceMs: remote ? PATIENCE_MS : undefined,
    leave,
  });
  if (json) printJson(rollout);
  if (rollout.state === "SUCCEEDED") {
    if (!json) print(done(rollout));
    return;
  }
  if (!json) for (const line of failureLines(rollout)) print(line);
  throw rolloutError(rollout);
}

function question({ kind, release, environment, migrations = [] }: RolloutPlan): string {
  if (kind !== "contract") return `Ship ${release} to ${environment}?`;
  const ends = migrations.flatMap((migration) => migration.ends ?? []);
  const loss = ends.length > 0 ? ` and the way back to ${ends.join(", ")}` : "";
  return `Take the old schema${loss} away in ${environment}?`;
}

function done({ kind, release, environment }: RolloutSummary): string {
  return kind === "contract"
    ? `the database of ${environment} has only what ${release} needs`
    : `${release} serves ${environment}`;
}

/** Asked all the same, so that a daemon takes over changed checks. */
function unlessNothing(error: unknown): void {
  if (toKnownError(error).code !== "SM-DEPLOY-NOTHING") throw error;
}
