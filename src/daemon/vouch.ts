import type { Approval } from "../contract/hold.ts";
import type { VouchRequest } from "../contract/requests.ts";
import { PolicyError, UserError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { type Content, contentOf, untested } from "../deploy/preflight/content.ts";
import { mayVouch } from "../deploy/preflight/rows.ts";
import { currentRelease } from "../deploy/request.ts";
import { insertApproval, listApprovals } from "../store/approvals.ts";
import { findRelease } from "../store/releases.ts";
import type { Engine } from "./engine.ts";
import { planOnDisk, requireEnvironment } from "./rollouts.ts";

/** Stores a person's word for a fact, with what it is about, so that it counts for nothing else. */
export async function vouch(engine: Engine, request: VouchRequest, actor: string): Promise<Approval> {
  requireEnvironment(engine, engine.project, request.environment);
  const { store, manifest, environment } = engine;
  requireApprover(engine, request.what, actor);
  const about = request.what === "backup" ? await backedUp(engine) : await vouchedFor(engine, request, actor);
  const note = request.evidence === undefined ? null : engine.redact(request.evidence);
  const tested = request.what === "migrations-tested" ? await testRun(engine, about) : {};
  const row = await insertApproval(store.db, {
    ...{ id: newId("ap"), app: manifest.project, env: environment, release: about.release, what: request.what },
    who: actor,
    evidence: { note, content: about.content, ...tested },
  });
  const { id, release, what, who, at } = row;
  await engine.audit({ actor, action: "release.vouched", subject: id, detail: { environment, release, what, note } });
  return { id, environment, release, what, who, evidence: note, at: at.toISOString() };
}

/** Those of the manifest as it lies on disk: a plan asks for their word. */
function requireApprover(engine: Engine, what: string, actor: string): void {
  const { environment } = engine;
  const { approvers = [] } = engine.read().manifest.environments[environment] ?? {};
  if (mayVouch(actor, approvers)) return;
  throw new PolicyError({
    code: "SM-APPROVE-WHO",
    message: `${actor} is no approver of ${environment}: ${approvers.join(", ")}`,
    next: `ask one of them for stationmaster approve ${what} --env ${environment}, or change approvers`,
  });
}

interface About {
  release: string;
  content: Content;
}

async function vouchedFor(engine: Engine, { release }: VouchRequest, actor: string): Promise<About> {
  const { store, manifest } = engine;
  const found = release === undefined ? undefined : await findRelease(store.db, manifest.project, release);
  if (found) return { release: found.name, content: contentOf(found.services) };
  const { plan, services } = await planOnDisk(engine, {}, actor);
  if (release === undefined || release === plan.release) return { release: plan.release, content: contentOf(services) };
  throw new UserError({
    code: "SM-RELEASE-UNKNOWN",
    message: `there is no release "${release}", and a deployment would ship ${plan.release} now`,
    next: "see stationmaster releases; without --release it is what the manifest and files say now",
  });
}

/** A backup is of the data, whatever release wrote it. */
async function backedUp(engine: Engine): Promise<About> {
  return { release: (await currentRelease(engine))?.name ?? "none", content: {} };
}

/** A person vouches for the test run that is recorded for this content: its checksums are what counts. */
async function testRun({ store, manifest, environment }: Engine, { content }: About) {
  const recorded = await listApprovals(store.db, { app: manifest.project, env: environment });
  const run = recorded.find(
    ({ what, evidence }) =>
      what === "migrations-tested" &&
      evidence.checksums !== undefined &&
      untested(content, (evidence.content ?? {}) as Content).length === 0,
  );
  if (run) return { checksums: run.evidence.checksums };
  throw new UserError({
    code: "SM-VOUCH-MIGRATIONS",
    message: "no test run of these migrations is recorded",
    next: `stationmaster migrations ${environment} runs them on a scratch database`,
  });
}
