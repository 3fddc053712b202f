import { z } from "zod";
import { Approval, Freeze, Lock, QueuedDeploy } from "../../../src/contract/hold.ts";
import { Incident } from "../../../src/contract/incident.ts";
import type { ContractRequest } from "../../../src/contract/migration.ts";
import type { PreviewRequest } from "../../../src/contract/preview.ts";
import { Preview } from "../../../src/contract/preview.ts";
import type {
  AcknowledgeRequest,
  DeployRequest,
  FreezeRequest,
  RollbackRequest,
  VouchRequest,
} from "../../../src/contract/requests.ts";
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

/** Begins by itself when the environment is free and open; resolves as soon as it waits. */
export function queueDeploy(request: DeployRequest) {
  return post("/api/deploy/queue", QueuedDeploy, request);
}

export function unqueue(id: string) {
  return post("/api/deploy/unqueue", QueuedDeploy, { id });
}

export function contract(request: ContractRequest) {
  return post("/api/contract", Accepted, request).then((answer) => answer.rollout);
}

export function lock(reason: string) {
  return post("/api/lock", Lock, { reason });
}

export function unlock() {
  return post("/api/unlock", Lock);
}

export function freeze(request: FreezeRequest) {
  return post("/api/freezes", Freeze, request);
}

export function liftFreeze(id: string) {
  return post(`/api/freezes/${encodeURIComponent(id)}/lift`, Freeze);
}

export function vouch(request: VouchRequest) {
  return post("/api/approvals", Approval, request);
}

export function openPreview(request: PreviewRequest) {
  return post("/api/previews", Preview, request);
}

export function orderPreview(name: string, order: "close" | "wake" | "remove") {
  return post(`/api/previews/${encodeURIComponent(name)}/${order}`, Preview);
}
