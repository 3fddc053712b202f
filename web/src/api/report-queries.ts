import { useQuery } from "@tanstack/react-query";
import { z } from "zod";
import {
  ActionItem,
  type ActionItemRequest,
  Report,
  type ReportQuery,
  StoredReport,
} from "../../../src/contract/report.ts";
import { reportSource } from "../view/reports.ts";
import { get, post } from "./client.ts";

const POLL_MS = 30_000;
const ActionItems = z.object({ items: z.array(ActionItem) });
const StoredReports = z.object({ reports: z.array(StoredReport) });

/** A report as it is at this moment, or a stored one. */
export function useReport(report: ReportQuery) {
  return useQuery({
    queryKey: ["report", report],
    queryFn: ({ signal }) => get(reportSource(report), Report, signal),
    retry: false,
  });
}

/** The reports that are kept, the newest first. */
export function useStoredReports() {
  return useQuery({
    queryKey: ["reports"],
    queryFn: ({ signal }) => get("/api/reports", StoredReports, signal),
    select: (answer) => answer.reports,
    refetchInterval: POLL_MS,
  });
}

/** What is left to do after incidents, and what was done; of one incident where it is named. */
export function useActionItems(incident?: string) {
  return useQuery({
    queryKey: ["action-items", incident ?? "all"],
    queryFn: ({ signal }) =>
      get(`/api/action-items${incident ? `?incident=${encodeURIComponent(incident)}` : ""}`, ActionItems, signal),
    select: (answer) => answer.items,
    refetchInterval: POLL_MS,
  });
}

export function addActionItem(incident: string, request: ActionItemRequest) {
  return post(`/api/incidents/${encodeURIComponent(incident)}/action-items`, ActionItem, request);
}

export function finishActionItem(id: string) {
  return post(`/api/action-items/${encodeURIComponent(id)}/done`, ActionItem);
}
