import { useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { HealingPlan } from "../../../src/contract/healing.ts";
import { Calling, Notification, type NotificationState } from "../../../src/contract/notification.ts";
import { Silence, SilenceAnswer, type SilenceRequest } from "../../../src/contract/silence.ts";
import { get, post } from "./client.ts";

const POLL_MS = 10_000;
const Silences = z.object({ silences: z.array(Silence) });
const Notifications = z.object({ notifications: z.array(Notification) });

/** What healing would do next for an incident, as long as there is something to heal. */
export function useHealingPlan(incident: string, enabled: boolean) {
  return useQuery({
    queryKey: ["healing-plan", incident],
    queryFn: ({ signal }) => get(`/api/incidents/${encodeURIComponent(incident)}/plan`, HealingPlan, signal),
    enabled,
    refetchInterval: POLL_MS,
  });
}

/** Those that stand and those that are over. */
export function useSilences() {
  return useQuery({
    queryKey: ["silences"],
    queryFn: ({ signal }) => get("/api/silences?state=all", Silences, signal),
    select: (answer) => answer.silences,
    refetchInterval: POLL_MS,
  });
}

/** What a silence would be about; null while the request is not complete. */
export function useSilencePreview(request: SilenceRequest | null) {
  return useQuery({
    queryKey: ["silence-preview", request],
    queryFn: () => (request ? post("/api/silences/preview", SilenceAnswer, request) : null),
    enabled: request !== null,
    gcTime: 0,
    retry: false,
  });
}

/** How channels do, and who is called when. */
export function useCalling() {
  return useQuery({
    queryKey: ["notifications", "calling"],
    queryFn: ({ signal }) => get("/api/notifications/channels", Calling, signal),
    refetchInterval: POLL_MS,
  });
}

/** Messages, newest first; of one state where it is named. */
export function useNotifications(state?: NotificationState) {
  return useQuery({
    queryKey: ["notifications", state ?? "all"],
    queryFn: ({ signal }) => get(`/api/notifications?limit=50${state ? `&state=${state}` : ""}`, Notifications, signal),
    select: (answer) => answer.notifications,
    refetchInterval: POLL_MS,
  });
}
