import type { AlertNotification } from "../contract/alert.ts";
import type { Check, CheckResult, CheckSeries, SeriesWindow } from "../contract/check.ts";
import type { CheckList, CheckQuery } from "../contract/check-list.ts";
import type { DevOpsAnswer, DevOpsCleanup } from "../contract/devops.ts";
import type { HealingFigures, HealingPlan } from "../contract/healing.ts";
import type { Beat, Heartbeat } from "../contract/heartbeat.ts";
import type { Approval, Freeze, Lock, QueuedDeploy } from "../contract/hold.ts";
import type { Incident, IncidentSummary, Severity } from "../contract/incident.ts";
import type { ContractRequest, MigrationHistory, MigrationReport, MigrationsRequest } from "../contract/migration.ts";
import type {
  Calling,
  ChannelTest,
  Notification,
  NotificationState,
  NotifyTestRequest,
} from "../contract/notification.ts";
import type { Preview, PreviewRequest } from "../contract/preview.ts";
import type { ActionItem, ActionItemRequest, Drill, Report, ReportQuery, StoredReport } from "../contract/report.ts";
import type { RepositoryQuery, RepositoryView } from "../contract/repository.ts";
import type {
  DeployRequest,
  FreezeRequest,
  LockRequest,
  LogLine,
  LogRequest,
  ReportRequest,
  RollbackRequest,
  UnlockRequest,
  VouchRequest,
} from "../contract/requests.ts";
import type { Release, Rollout, RolloutPlan, RolloutSummary, TrafficView } from "../contract/rollout.ts";
import type { Silence, SilenceAnswer, SilenceRequest } from "../contract/silence.ts";
import type { SloReport } from "../contract/slo.ts";
import type { AuditEntry, AuditVerdict, DoctorReport, LiveEvent, Status } from "../contract/status.ts";
import type { PublicNote, StatusPage } from "../contract/status-page.ts";
import type { Workers } from "../contract/worker.ts";
import type { Secret } from "../core/redact.ts";

/** What may be done with a notification of Alertmanager that proves itself by the secret. */
export interface AlertHook {
  secret: Secret;
  /** Answers how many of its alerts were taken; the same again changes nothing. Rejects when the store fails. */
  take(notification: AlertNotification): Promise<number>;
}

/** What a webhook of the repository may do, and how it proves that it comes from there. */
export interface PreviewHook {
  secret: Secret;
  /** Looks at the repository soon, in the background. */
  look(): void;
}

/** What a pager may do, and how it proves that it comes from there. */
export interface PagerHook {
  kind: "pagerduty" | "opsgenie";
  secret: Secret;
  /** Takes the incident of a key for a person there; false where there is none any more. */
  acknowledge(key: string, person: string): Promise<boolean>;
}

/** Everything a door can ask for. The daemon answers it in process, the CLI over HTTP when a daemon runs. Unknown ids are `UserError`s. */
export interface UseCases {
  status(): Promise<Status>;
  checks(): Promise<Check[]>;
  /** Those that a query asks for, in its order. */
  findChecks(query: CheckQuery): Promise<CheckList>;
  /** One, by its id or by its name in the manifest. */
  check(name: string): Promise<Check>;
  /** Runs it at once, in this process; the result counts like any other. */
  runCheck(name: string, actor: string): Promise<CheckResult>;
  /** Who runs them where several processes share them, and how this one keeps up. */
  workers(): Promise<Workers>;
  /** Where the job of a heartbeat check has to call: a secret. */
  heartbeat(check: string): Promise<Heartbeat>;
  /** Gives the job a new address; the one before is none from then on. */
  renewHeartbeat(check: string, actor: string): Promise<Heartbeat>;
  /** A job calls; a `UserError` for a token that is none. Only a daemon has it. */
  beat?(token: string, beat: Beat): Promise<void>;
  /** Whether a job is known to call by this token; asks nobody. */
  knowsJob?(token: string): boolean;
  series(check: string, window: SeriesWindow): Promise<CheckSeries>;
  /** Single results that are stored, the newest first: those that were not ok, and the runs around each change of the verdict. */
  results(check: string, limit: number): Promise<CheckResult[]>;
  /** How services, and checks with an objective of their own, keep what they promise. */
  slo(): Promise<SloReport[]>;
  /** `review`: those whose post-mortem is due. */
  /** Those in which a check failed, where one is named. */
  incidents(query: {
    state: "open" | "review" | "all";
    check?: string | undefined;
    limit: number;
  }): Promise<IncidentSummary[]>;
  incident(id: string): Promise<Incident>;
  acknowledge(id: string, actor: string, note?: string): Promise<Incident>;
  /** A person's word on how severe it is; up or down. */
  setSeverity(id: string, severity: Severity, actor: string, note?: string): Promise<Incident>;
  /** Stops healing of an incident, or allows it again. */
  setFrozen(id: string, frozen: boolean, actor: string): Promise<Incident>;
  /** Ends the review; an incident that was opened by hand ends by it first. */
  closeReview(id: string, actor: string, note: string): Promise<Incident>;
  reportIncident(request: ReportRequest, actor: string): Promise<Incident>;
  /** Those that stand, with the windows of the manifest; with `past` also those that are over, the newest of them first. */
  silences(query?: { past: boolean }): Promise<Silence[]>;
  /** What `addSilence` would answer; nothing is silenced. Throws as it does. */
  previewSilence(request: SilenceRequest): Promise<SilenceAnswer>;
  /** Refuses names that nothing has; warns where it is about no check now. */
  addSilence(request: SilenceRequest, actor: string): Promise<SilenceAnswer>;
  endSilence(id: string, actor: string): Promise<Silence>;
  /** Carries out a proposed healing action. */
  approve(id: string, actor: string): Promise<Incident>;
  /** Health or figures, from the DevOps API of the application. */
  devops(what: "health" | "stats"): Promise<DevOpsAnswer>;
  /** Lets the application remove what is left over. */
  clearDevops(what: DevOpsCleanup, actor: string): Promise<DevOpsAnswer>;
  /** What healing would do next for an incident; does nothing. */
  healingPlan(id: string): Promise<HealingPlan>;
  /** Refuses a proposed healing action. */
  decline(id: string, actor: string, reason: string): Promise<Incident>;
  /** Carries the next remedy out on a person's word; a `PolicyError` while one is under way, or when none is left. */
  healNow(id: string, actor: string): Promise<Incident>;
  /** Success and regret of healing in the last days. */
  healingFigures(days: number): Promise<HealingFigures>;
  /** A report of this moment, or a stored one; `SM-REPORT-UNKNOWN` where there is none of that day or week. */
  report(query: ReportQuery): Promise<Report>;
  /** The reports that are kept, the newest first. */
  reports(): Promise<StoredReport[]>;
  /** What is left to do after incidents, and what was done; of one incident where it is named. */
  actionItems(incident?: string): Promise<ActionItem[]>;
  addActionItem(incident: string, request: ActionItemRequest, actor: string): Promise<ActionItem>;
  finishActionItem(id: string, actor: string): Promise<ActionItem>;
  /** Tries whether a check notices a fault and whether the page arrives; it takes up to two minutes. */
  drill(check: string, actor: string): Promise<Drill>;
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
  /** Undefined where the manifest opens no door for alerts. Only a daemon has it. */
  alertHook?(): Promise<AlertHook | undefined>;
  /** What the public may know. Throws UserError `SM-STATUS-PAGE-UNKNOWN` without `status_page` in the manifest. */
  statusPage(): Promise<StatusPage>;
  /** Adds what a person wrote about an incident to the status page. Throws UserError, or PolicyError `SM-STATUS-PAGE-OFF`. */
  publishIncident(id: string, text: string, actor: string): Promise<PublicNote>;
  /** Who was told what, newest first; of one incident or in one state where it is named. */
  notifications(query: {
    incident?: string | undefined;
    state?: NotificationState | undefined;
    limit: number;
  }): Promise<Notification[]>;
  /** How each channel does, and who is called when. */
  calling(): Promise<Calling>;
  /** Sends a marked test message to each channel, or to one. Throws UserError `SM-NOTIFY-UNKNOWN`, `SM-SECRET-MISSING`. */
  testNotifications(request: NotifyTestRequest, actor: string): Promise<ChannelTest[]>;
  /** Undefined where the channel is no pager or names no secret for webhooks. Only a daemon has it. */
  pagerHook?(channel: string): Promise<PagerHook | undefined>;
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
  /** What lies in the folder of the manifest, what would be generated for it, and findings. Writes nothing. */
  repository(query: RepositoryQuery): Promise<RepositoryView>;
  /** Calls back on every change; answers the function that ends the subscription. */
  subscribe(listener: (event: LiveEvent) => void): () => void;
}
