import { z } from "zod";
import { Incident } from "../../../src/contract/incident.ts";
import type { AcknowledgeRequest, DeployRequest, RollbackRequest } from "../../../src/contract/requests.ts";
import { Accepted } from "./answers.ts";
import { post } from "./client.ts";

/** Starts a rollout; resolves as soon as it is accepted. */
export function deploy(request: DeployRequest) {
  return post("/api/deploy", Accepted, request).then((answer) => answer.rollout);
}

export function rollback(request: RollbackRequest) {
  return post("/api/rollback", Accepted, request).then((answer) => answer.rollout);
}

export function promote(id: string) {
  return post(`/api/rollouts/${encodeURIComponent(id)}/promote`, Accepted);
}

export function abort(id: string) {
  return post(`/api/rollouts/${encodeURIComponent(id)}/abort`, Accepted);
}

export function acknowledge(id: string, request: AcknowledgeRequest) {
  return post(`/api/incidents/${encodeURIComponent(id)}/acknowledge`, Incident, request);
}

/** Lets the proposed healing action happen; answers the incident afterwards. */
export function approve(id: string) {
  return post(`/api/incidents/${encodeURIComponent(id)}/approve`, Incident);
}

export function restart(service: string) {
  return post(`/api/services/${encodeURIComponent(service)}/restart`, z.unknown());
}
