import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { Check, CheckResult } from "../../../src/contract/check.ts";
import { CheckList, type CheckQuery, searchOf } from "../../../src/contract/check-list.ts";
import { Heartbeat } from "../../../src/contract/heartbeat.ts";
import { SloReport } from "../../../src/contract/slo.ts";
import { Workers } from "../../../src/contract/worker.ts";
import type { CheckFilter } from "../view/check-filter.ts";
import { Incidents } from "./answers.ts";
import { get, post } from "./client.ts";

/** Checks asked for at once; a list shows a few of these at a time. */
export const PAGE_SIZE = 100;

const POLL_MS = 10_000;
const SLO_POLL_MS = 60_000;
/** A run ends with its own deadline, at most half of five minutes, and may wait for room. */
const RUN_MS = 180_000;
const MOST_RESULTS = 50;
const MOST_INCIDENTS = 20;
/** More belong to no service. */
const MOST_OF_SERVICE = 200;

const path = (id: string, rest = "") => `/api/checks/${encodeURIComponent(id)}${rest}`;

/** The worst first, where no other order was chosen. */
function listed(wanted: CheckQuery) {
  const query: CheckQuery = { sort: "verdict", ...wanted };
  return {
    queryKey: ["checks", query],
    queryFn: ({ signal }: { signal: AbortSignal }) => get(`/api/checks?${searchOf(query)}`, CheckList, signal),
    refetchInterval: POLL_MS,
  };
}

/** How many checks there are, with the first of them; what was shown before until a new filter is answered. */
export function useCheckCount(filter: CheckFilter) {
  return useQuery({ ...listed({ ...filter, limit: PAGE_SIZE }), placeholderData: keepPreviousData });
}

/** The checks of some pages, numbered from 0; undefined for those that are not there yet. */
export function useCheckPages(
  filter: CheckFilter,
  pages: readonly number[],
): Map<number, readonly Check[] | undefined> {
  const answers = useQueries({
    queries: pages.map((page) =>
      listed({ ...filter, ...(page > 0 && { offset: page * PAGE_SIZE }), limit: PAGE_SIZE }),
    ),
  });
  return new Map(pages.map((page, index) => [page, answers[index]?.data?.checks]));
}

export function useServiceChecks(service: string) {
  return useQuery({ ...listed({ service, limit: MOST_OF_SERVICE }), select: (answer) => answer.checks });
}

export function useCheck(id: string) {
  return useQuery({
    queryKey: ["check", id],
    queryFn: ({ signal }) => get(path(id), Check, signal),
    refetchInterval: POLL_MS,
  });
}

/** Its single runs that are kept, the newest first. */
export function useResults(id: string) {
  return useQuery({
    queryKey: ["results", id],
    queryFn: ({ signal }) =>
      get(path(id, `/results?limit=${MOST_RESULTS}`), z.object({ results: z.array(CheckResult) }), signal),
    select: (answer) => answer.results,
    refetchInterval: POLL_MS,
  });
}

/** Incidents in which a check failed. */
export function useCheckIncidents(id: string) {
  return useQuery({
    queryKey: ["incidents", "check", id],
    queryFn: ({ signal }) =>
      get(`/api/incidents?state=all&limit=${MOST_INCIDENTS}&check=${encodeURIComponent(id)}`, Incidents, signal),
    select: (answer) => answer.incidents,
    refetchInterval: POLL_MS,
  });
}

/** Where the job of a heartbeat calls, and when it did. */
export function useHeartbeat(id: string) {
  return useQuery({
    queryKey: ["check", id, "heartbeat"],
    queryFn: ({ signal }) => get(path(id, "/heartbeat"), Heartbeat, signal),
    refetchInterval: POLL_MS,
  });
}

export function useSlo() {
  return useQuery({
    queryKey: ["slo"],
    queryFn: ({ signal }) => get("/api/slo", z.object({ objectives: z.array(SloReport) }), signal),
    select: (answer) => answer.objectives,
    refetchInterval: SLO_POLL_MS,
  });
}

export function useWorkers() {
  return useQuery({
    queryKey: ["workers"],
    queryFn: ({ signal }) => get("/api/workers", Workers, signal),
    refetchInterval: POLL_MS,
  });
}

/** Runs a check now; answers when it has run. */
export function runCheck(id: string) {
  return post(path(id, "/run"), CheckResult, {}, RUN_MS);
}
