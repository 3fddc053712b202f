import type { PreflightRow, RolloutPlan } from "../../contract/rollout.ts";
import { formatDuration } from "../../core/duration.ts";
import { plural } from "../../core/plural.ts";
import { describeForeign, foreignNext } from "../foreign.ts";
import { fits } from "../migrations/schema-range.ts";
import { type Content, untested } from "./content.ts";
import type { Facts, MigrationFact, Vouch, WayBack } from "./facts.ts";
import { closures, opensAt } from "./windows.ts";

const DAY_MS = 24 * 3_600_000;
/** How long a success elsewhere counts. */
const TESTED_MS = 7 * DAY_MS;
const BACKUP_MS = DAY_MS;

/**
 * The rows of a plan, decided from facts alone. Where nobody else depends on the environment only its calendar and the target
 * itself stand in the way.
 */
export function decide(facts: Facts): PreflightRow[] {
  if (facts.kind === "contract")
    return [locked(facts), window(facts), ...(facts.guarded ? [backup(facts), incident(facts)] : [])].filter(
      (item) => item !== undefined,
    );
  const rows = facts.guarded
    ? [
        facts.require.includes("qa") ? qa(facts) : undefined,
        ...facts.after.map((tested) => after(facts, tested)),
        facts.require.includes("migrations-tested") ? migrationsTested(facts) : undefined,
        rollbackPlan(facts),
        facts.examples.length > 0 ? envComplete(facts) : undefined,
        backup(facts),
        incident(facts),
      ]
    : [];
  const target = facts.target.map(({ item, ok, evidence, next }) => row(item, ok, evidence, next ?? null));
  return [locked(facts), window(facts), migrationsSafe(facts), ...rows, ...target].filter((item) => item !== undefined);
}

/** Somebody else's units in the place of ours: taken over only on a person's word. */
export function owner({ environment, foreign = [] }: Pick<RolloutPlan, "environment" | "foreign">): PreflightRow[] {
  if (foreign.length === 0) return [];
  const evidence = `this database does not know what runs there; ${describeForeign(foreign)}`;
  return [row("owner", false, evidence, foreignNext(environment))];
}

/** Whether a person's word counts. Names may be written as the audit has them (`cli:ada`) or without the door (`ada`). */
export function mayVouch(who: string, approvers: readonly string[]): boolean {
  return approvers.length === 0 || approvers.includes(who) || approvers.includes(who.replace(/^[a-z]+:/, ""));
}

function row(item: string, ok: boolean, evidence: string, next: string | null): PreflightRow {
  return { item, ok, evidence, next: ok ? null : next, override: null };
}

/** It is nobody's to override: whoever locked it works there, or wants nobody to. */
function locked({ lock, environment }: Facts): PreflightRow | undefined {
  if (!lock) return undefined;
  const evidence = `locked by ${lock.holder}: ${lock.reason}`;
  return row("lock", false, evidence, `ask ${lock.holder}, or stationmaster unlock ${environment}`);
}

/** Left out where there is no calendar at all. */
function window({ calendar, now, environment }: Facts): PreflightRow | undefined {
  const closed = closures(calendar, now);
  if (closed.length > 0) {
    const opens = opensAt(calendar, now);
    const until = opens === null ? "nobody knows how long" : `until ${new Date(opens).toISOString()}`;
    const why = closed.map((item) => item.why).join("; ");
    return row("window", false, `${why}; ${until}`, `stationmaster deploy ${environment} --when-open`);
  }
  const asked = calendar.freeze.length + calendar.windows.length + calendar.ordered.length > 0;
  return asked ? row("window", true, "open", null) : undefined;
}

function qa(facts: Facts): PreflightRow {
  return vouched(facts, "qa", ({ content }) => {
    const other = untested(facts.content, content);
    return other.length === 0 ? null : `with other content of ${other.join(", ")}`;
  });
}

function migrationsTested(facts: Facts): PreflightRow {
  const { migrations, environment } = facts;
  if (migrations === null)
    return row(
      "migrations-tested",
      false,
      "it is not known which migrations are pending",
      `stationmaster migrations ${environment}`,
    );
  const pending = migrations.flatMap(({ checksums }) => checksums);
  if (pending.length === 0) return row("migrations-tested", true, "no migration is pending", null);
  return vouched(facts, "migrations-tested", ({ checksums }) => {
    const other = pending.filter((sum) => !checksums.includes(sum));
    return other.length === 0 ? null : `without ${plural(other.length, "pending migration")}`;
  });
}

/** Left out where nothing is pending, or nobody has looked: then the rollout itself refuses them. */
function migrationsSafe({ migrations, environment }: Facts): PreflightRow | undefined {
  const item = "migrations-safe";
  if (!migrations || !hasPending(migrations)) return undefined;
  const unsafe = migrations.flatMap(({ service, unsafe: reasons }) => reasons.map((why) => `${service}: ${why}`));
  if (unsafe.length === 0) return row(item, true, "the release before can run on the schema after them", null);
  return row(item, false, unsafe.join("; "), `stationmaster migrations ${environment} shows the statements`);
}

/** Asked for by the manifest, and on its own before a migration of something that others use. */
function backup(facts: Facts): PreflightRow | undefined {
  const { require, migrations, fromRelease, now, kind } = facts;
  const changes = kind === "contract" || (fromRelease !== null && hasPending(migrations));
  if (!require.includes("backup") && !changes) return undefined;
  return vouched(facts, "backup", ({ at }) => (now - at < BACKUP_MS ? null : "too long ago: at most 24 h"));
}

function hasPending(migrations: readonly MigrationFact[] | null): boolean {
  return migrations?.some(({ checksums }) => checksums.length > 0) ?? false;
}

/** `unfit` says why somebody's word is not about this; null when it is. */
function vouched(facts: Facts, what: string, unfit: (vouch: Vouch) => string | null): PreflightRow {
  const { environment, approvers, now } = facts;
  const given = facts.vouches.filter((vouch) => vouch.what === what);
  const good = given.find((vouch) => mayVouch(vouch.who, approvers) && unfit(vouch) === null);
  if (good) {
    const note = good.note === null ? "" : `: ${good.note}`;
    return row(what, true, `${good.who} vouched for ${good.release} ${ago(now - good.at)}${note}`, null);
  }
  const [last] = given;
  const reason = last && (unfit(last) ?? `not one of the approvers (${approvers.join(", ")})`);
  const evidence = last ? `${last.who} vouched for ${last.release} ${ago(now - last.at)}, ${reason}` : "nobody vouched";
  return row(what, false, evidence, `stationmaster approve ${what} --env ${environment}`);
}

function after({ content, now }: Facts, { environment, successes }: Facts["after"][number]): PreflightRow {
  const item = `after:${environment}`;
  const same = successes
    .filter((success) => untested(content, success.content).length === 0)
    .toSorted((a, b) => b.at - a.at)[0];
  const next = `stationmaster deploy ${environment}`;
  if (!same) return row(item, false, notThere(content, environment, successes.at(-1)), next);
  const evidence = `${same.release} succeeded in ${environment} ${ago(now - same.at)} (${same.rollout})`;
  const fresh = now - same.at < TESTED_MS;
  return row(item, fresh, fresh ? evidence : `${evidence}, too long ago: at most 7 d`, next);
}

function notThere(content: Content, environment: string, last: { release: string; content: Content } | undefined) {
  if (!last) return `nothing succeeded in ${environment}`;
  return `${environment} has ${last.release}, with other content of ${untested(content, last.content).join(", ")}`;
}

function rollbackPlan(facts: Facts): PreflightRow {
  const { fromRelease, waysBack, migrations, environment } = facts;
  const item = "rollback-plan";
  if (fromRelease === null) return row(item, true, beginning(facts), null);
  const fits = waysBack.find((way) => (migrations ?? []).every((migration) => runsOn(way, migration)));
  if (fits) return row(item, true, `back to ${fits.release}`, null);
  const why =
    waysBack.length === 0
      ? "no release to go back to is kept"
      : `no kept release runs on the schema after the migrations (${waysBack.map(({ release }) => release).join(", ")})`;
  return row(item, false, why, `deploy ${environment} in two steps: first a release whose schema range holds both`);
}

function beginning({ foreign = [], shipping }: Facts): string {
  if (foreign.length > 0) return "what runs there now stays until the new release has baked";
  return shipping ? `${shipping} is the first, and still being shipped` : "first deploy";
}

/** A release that does not say which schemas it runs on is taken at the word of the lint: expand suits what runs. */
function runsOn({ schemas }: WayBack, { service, position }: MigrationFact): boolean {
  return position === null || fits(schemas[service], position);
}

function envComplete({ examples }: Facts): PreflightRow {
  const lacking = examples.filter(({ missing }) => missing.length > 0);
  const evidence = lacking.map(({ file, missing }) => `${missing.join(", ")} of ${file}`).join("; ");
  return lacking.length === 0
    ? row("env-complete", true, `all of ${examples.map(({ file }) => file).join(", ")} is set`, null)
    : row(
        "env-complete",
        false,
        `not set: ${evidence}`,
        "set them in env of the service or the environment, or in .env",
      );
}

function incident({ sev1 }: Facts): PreflightRow {
  const [first] = sev1;
  return first
    ? row(
        "incident",
        false,
        sev1.map(({ id, text }) => `${text} (${id})`).join("; "),
        `stationmaster incidents ${first.id}`,
      )
    : row("incident", true, "no open SEV1", null);
}

function ago(ms: number): string {
  return `${formatDuration(Math.max(0, ms))} ago`;
}
