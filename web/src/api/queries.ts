import { useQuery } from "@tanstack/react-query";
import { CheckSeries, type SeriesWindow } from "../../../src/contract/check.ts";
import { Incident } from "../../../src/contract/incident.ts";
import type { ContractRequest } from "../../../src/contract/migration.ts";
import { MigrationHistory, MigrationReport } from "../../../src/contract/migration.ts";
import type { DeployRequest, RollbackRequest } from "../../../src/contract/requests.ts";
import { Rollout, RolloutPlan } from "../../../src/contract/rollout.ts";
import { AuditVerdict, DoctorReport, Status } from "../../../src/contract/status.ts";
import { hasRuns } from "../view/uptime.ts";
import { Approvals, Audit, Incidents, Previews, Releases, Rollouts, Traffic } from "./answers.ts";
import { get, post } from "./client.ts";

const POLL_MS = 10_000;
const TRAFFIC_POLL_MS = 1_000;
/** Building the release and trying its migrations takes the time it takes. */
const REHEARSAL_MS = 20 * 60_000;
/** A step of the shortest series is a minute, so asking more often shows little that is new. */
const SERIES_POLL_MS = 30_000;
/** Until there is a first value, it is waited for. */
const EMPTY_SERIES_POLL_MS = 3_000;

export function useStatus() {
  return useQuery({
    queryKey: ["status"],
    queryFn: ({ signal }) => get("/api/status", Status, signal),
    refetchInterval: POLL_MS,
  });
}

export function useSeries(check: string | undefined, window: SeriesWindow) {
  return useQuery({
    queryKey: ["series", check, window],
    queryFn: ({ signal }) =>
      get(`/api/checks/${encodeURIComponent(check ?? "")}/series?window=${window}`, CheckSeries, signal),
    enabled: check !== undefined,
    refetchInterval: ({ state }) => (state.data && hasRuns(state.data) ? SERIES_POLL_MS : EMPTY_SERIES_POLL_MS),
  });
}

export function useRollouts(limit = 50) {
  return useQuery({
    queryKey: ["rollouts", limit],
    queryFn: ({ signal }) => get(`/api/rollouts?limit=${limit}`, Rollouts, signal),
    select: (answer) => answer.rollouts,
    refetchInterval: POLL_MS,
  });
}

export function useRollout(id: string) {
  return useQuery({
    queryKey: ["rollout", id],
    queryFn: ({ signal }) => get(`/api/rollouts/${encodeURIComponent(id)}`, Rollout, signal),
    refetchInterval: POLL_MS,
  });
}

/** Where requests go, asked every second while the rollout moves them. */
export function useTraffic(id: string, active: boolean) {
  return useQuery({
    queryKey: ["traffic", id],
    queryFn: ({ signal }) => get(`/api/rollouts/${encodeURIComponent(id)}/traffic`, Traffic, signal),
    select: (answer) => answer.services,
    refetchInterval: active ? TRAFFIC_POLL_MS : POLL_MS,
  });
}

export function useIncidents(state: "open" | "review" | "all", limit = 200) {
  return useQuery({
    queryKey: ["incidents", state, limit],
    queryFn: ({ signal }) => get(`/api/incidents?state=${state}&limit=${limit}`, Incidents, signal),
    select: (answer) => answer.incidents,
    refetchInterval: POLL_MS,
  });
}

export function useIncident(id: string) {
  return useQuery({
    queryKey: ["incident", id],
    queryFn: ({ signal }) => get(`/api/incidents/${encodeURIComponent(id)}`, Incident, signal),
    refetchInterval: POLL_MS,
  });
}

export function useReleases() {
  return useQuery({
    queryKey: ["releases"],
    queryFn: ({ signal }) => get("/api/releases", Releases, signal),
    select: (answer) => answer.releases,
    refetchInterval: POLL_MS,
  });
}

export function useAudit(limit: number) {
  return useQuery({
    queryKey: ["audit", limit],
    queryFn: ({ signal }) => get(`/api/audit?limit=${limit}`, Audit, signal),
    select: (answer) => answer.entries,
    refetchInterval: POLL_MS,
  });
}

/** The verdict on the whole chain; nothing is asked until `refetch`. */
export function useAuditVerdict() {
  return useQuery({
    queryKey: ["audit-verdict"],
    queryFn: ({ signal }) => get("/api/audit/verify", AuditVerdict, signal),
    enabled: false,
    gcTime: 0,
  });
}

/** Who vouched for what, and who overrode what. */
export function useApprovals() {
  return useQuery({
    queryKey: ["approvals"],
    queryFn: ({ signal }) => get("/api/approvals", Approvals, signal),
    select: (answer) => answer.approvals,
    refetchInterval: POLL_MS,
  });
}

export function usePreviews() {
  return useQuery({
    queryKey: ["previews"],
    queryFn: ({ signal }) => get("/api/previews", Previews, signal),
    select: (answer) => answer.previews,
    refetchInterval: POLL_MS,
  });
}

export function useMigrationHistory() {
  return useQuery({
    queryKey: ["migrations"],
    queryFn: ({ signal }) => get("/api/migrations", MigrationHistory, signal),
    refetchInterval: POLL_MS,
  });
}

/** What is pending, tried on a scratch database; nothing is asked until `refetch`. */
export function useMigrationReport() {
  return useQuery({
    queryKey: ["migration-report"],
    queryFn: () => post("/api/migrations", MigrationReport, {}, REHEARSAL_MS),
    enabled: false,
    gcTime: Number.POSITIVE_INFINITY,
  });
}

/** What works on the daemon's machine; looked at when the page opens and on `refetch`. */
export function useDoctor() {
  return useQuery({
    queryKey: ["doctor"],
    queryFn: ({ signal }) => get("/api/doctor", DoctorReport, signal),
  });
}

/** What is asked of the planner; null while the request is not complete. */
export type PlanQuestion =
  | { kind: "deploy"; request: DeployRequest }
  | { kind: "rollback"; request: RollbackRequest }
  | { kind: "contract"; request: ContractRequest }
  | null;

const PLAN_PATH = { deploy: "/api/plan", rollback: "/api/plan/rollback", contract: "/api/plan/contract" } as const;

/** What a rollout would do; asked anew each time a dialog opens or the request changes. */
export function usePlan(question: PlanQuestion) {
  return useQuery({
    queryKey: ["plan", question],
    queryFn: () => (question ? post(PLAN_PATH[question.kind], RolloutPlan, question.request) : null),
    enabled: question !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}
