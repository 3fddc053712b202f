import type { Check, CheckSeries } from "../contract/check.ts";
import type { Approval, Freeze, Lock, QueuedDeploy } from "../contract/hold.ts";
import type { Incident, IncidentSummary } from "../contract/incident.ts";
import type { ContractRequest, MigrationHistory, MigrationReport, MigrationsRequest } from "../contract/migration.ts";
import type { Preview, PreviewRequest } from "../contract/preview.ts";
import type {
  DeployRequest,
  FreezeRequest,
  LockRequest,
  LogLine,
  LogRequest,
  RollbackRequest,
  UnlockRequest,
  VouchRequest,
} from "../contract/requests.ts";
import type { Release, Rollout, RolloutPlan, RolloutSummary, TrafficView } from "../contract/rollout.ts";
import type { AuditEntry, AuditVerdict, DoctorReport, LiveEvent, Status } from "../contract/status.ts";
import type { Secret } from "../core/redact.ts";

/** What a webhook of the repository may do, and how it proves that it comes from there. */
export interface PreviewHook {
  secret: Secret;
  /** Looks at the repository soon, in the background. */
  look(): void;
}

/** Everything a door can ask for. The daemon answers it in process, the CLI over HTTP when a daemon runs. Unknown ids are `UserError`s. */
export interface UseCases {
  status(): Promise<Status>;
  checks(): Promise<Check[]>;
  series(check: string, window: "1h" | "24h" | "7d"): Promise<CheckSeries>;
  incidents(query: { state: "open" | "all"; limit: number }): Promise<IncidentSummary[]>;
  incident(id: string): Promise<Incident>;
  acknowledge(id: string, actor: string, note?: string): Promise<Incident>;
  /** Carries out a proposed healing action. */
  approve(id: string, actor: string): Promise<Incident>;
  rollouts(limit: number): Promise<RolloutSummary[]>;
  rollout(id: string): Promise<Rollout>;
  traffic(rollout: string): Promise<TrafficView[]>;
  /** `actor`: who asks, and takes on himself what he overrides. */
  plan(request: DeployRequest, actor: string): Promise<RolloutPlan>;
  planRollback(request: RollbackRequest): Promise<RolloutPlan>;
  /**
   * Begins a rollout and answers it at once; it goes on in the background. One that no user has seen yet is superseded; a `PolicyError`
   * `SM-DEPLOY-BUSY` where there is a later one.
   */
  deploy(request: DeployRequest, actor: string): Promise<RolloutSummary>;
  rollback(request: RollbackRequest, actor: string): Promise<RolloutSummary>;
  /** Tries the pending migrations of what the manifest and files say now on a scratch database, and records how that went. */
  migrations(request: MigrationsRequest, actor: string): Promise<MigrationReport>;
  /** What was migrated so far, and how far backfills are; asks the store only. */
  migrationHistory(): Promise<MigrationHistory>;
  planContract(request: ContractRequest, actor: string): Promise<RolloutPlan>;
  /** Begins a rollout that takes away what only older releases need of a database. */
  contract(request: ContractRequest, actor: string): Promise<RolloutSummary>;
  /**
   * The deployment begins when the environment is free and open, if it would bring the same then; it takes the place of one queued
   * before. Without a daemon it begins in this process, as long as `queued` is asked.
   */
  queueDeploy(request: DeployRequest, actor: string): Promise<QueuedDeploy>;
  queued(): Promise<QueuedDeploy | null>;
  /** Takes it back, or only that of an id; a `UserError` when it is not queued. */
  unqueue(actor: string, id?: string): Promise<QueuedDeploy>;
  /** Stores a person's word for a fact the pre-flight asks for. */
  vouch(request: VouchRequest, actor: string): Promise<Approval>;
  /** Facts that people vouched for and items of a pre-flight that they overrode, the last 100, newest first. */
  approvals(): Promise<Approval[]>;
  /** Keeps everybody else from the environment; a `PolicyError` while somebody works there. */
  lock(request: LockRequest, actor: string): Promise<Lock>;
  /** Answers the lock that was taken away. */
  unlock(request: UnlockRequest, actor: string): Promise<Lock>;
  freeze(request: FreezeRequest, actor: string): Promise<Freeze>;
  /** Those that people ordered and that are not over. */
  freezes(): Promise<Freeze[]>;
  unfreeze(id: string, actor: string): Promise<Freeze>;
  /** Copies of an environment for pull requests and branches, the oldest first; those there is no room for too. */
  previews(): Promise<Preview[]>;
  /** Makes or renews the preview of a ref; it goes on in the background where a daemon runs. */
  openPreview(request: PreviewRequest, actor: string): Promise<Preview>;
  /** It is removed after its time to expire, whatever polling sees. */
  closePreview(name: string, actor: string): Promise<Preview>;
  /** Starts one that sleeps, and tries one that failed again. */
  wakePreview(name: string, actor: string): Promise<Preview>;
  removePreview(name: string, actor: string): Promise<Preview>;
  /** Undefined where the manifest names no secret for webhooks, or no such environment of previews. Only a daemon has it. */
  previewHook?(environment?: string): Promise<PreviewHook | undefined>;
  promote(rollout: string, actor: string): Promise<RolloutSummary>;
  abort(rollout: string, actor: string): Promise<RolloutSummary>;
  releases(): Promise<Release[]>;
  /** The last lines of a service's processes, those of the last ended ones first. */
  logs(request: LogRequest): Promise<LogLine[]>;
  /** Calls back for the last lines and each new one until the signal aborts. */
  followLogs(request: LogRequest, onLine: (line: LogLine) => void, signal: AbortSignal): Promise<void>;
  /** Restarts the replicas of a service one after another, on a person's word. */
  restart(service: string, actor: string): Promise<void>;
  audit(limit: number): Promise<AuditEntry[]>;
  verifyAudit(): Promise<AuditVerdict>;
  doctor(): Promise<DoctorReport>;
  /** Calls back on every change; answers the function that ends the subscription. */
  subscribe(listener: (event: LiveEvent) => void): () => void;
}
