import { z } from "zod";
import { Incident } from "../../../src/contract/incident.ts";
import { ChannelTest } from "../../../src/contract/notification.ts";
import type { Severity } from "../../../src/contract/severity.ts";
import { Silence, SilenceAnswer, type SilenceRequest } from "../../../src/contract/silence.ts";
import { PublicNote } from "../../../src/contract/status-page.ts";
import { post, remove } from "./client.ts";

/** A channel is given up after this time at the latest. */
const TEST_MS = 60_000;
const Tested = z.object({ channels: z.array(ChannelTest) });

function order(id: string, verb: string): string {
  return `/api/incidents/${encodeURIComponent(id)}/${verb}`;
}

/** Refuses the proposed healing action. */
export function decline(id: string, reason: string) {
  return post(order(id, "decline"), Incident, { reason });
}

export function setSeverity(id: string, severity: Severity, note: string) {
  return post(order(id, "severity"), Incident, { severity, ...(note && { note }) });
}

/** Stops healing of an incident, or allows it again. */
export function setFrozen(id: string, frozen: boolean) {
  return post(order(id, "freeze"), Incident, { frozen });
}

export function closeReview(id: string, note: string) {
  return post(order(id, "close"), Incident, { note });
}

/** Adds a text for the public to the status page. */
export function publish(id: string, text: string) {
  return post(order(id, "publish"), PublicNote, { text });
}

export function addSilence(request: SilenceRequest) {
  return post("/api/silences", SilenceAnswer, request);
}

export function endSilence(id: string) {
  return remove(`/api/silences/${encodeURIComponent(id)}`, Silence);
}

/** Sends a marked test message to a channel. */
export function testChannel(channel: string) {
  return post("/api/notifications/test", Tested, { channel }, TEST_MS).then((answer) => answer.channels);
}
