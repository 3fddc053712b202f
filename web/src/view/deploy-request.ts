import { DeployRequest } from "../../../src/contract/requests.ts";
import type { StrategyName } from "../../../src/contract/rollout.ts";

/** What a person may choose about a deploy; empty text = as the manifest says. */
export interface DeployChoice {
  only: readonly string[];
  strategy: StrategyName | "";
  release: string;
}

/** The request for a choice, or the sentence that says why there is none. All services chosen = no restriction. */
export function deployRequestOf(
  environment: string,
  services: readonly string[],
  { only, strategy, release }: DeployChoice,
): { request: DeployRequest } | { problem: string } {
  if (only.length === 0) return { problem: "Choose at least one service." };
  const request: DeployRequest = {
    environment,
    ...(only.length < services.length && { only: [...only] }),
    ...(strategy && { strategy }),
    ...(release && { release }),
  };
  const parsed = DeployRequest.safeParse(request);
  if (parsed.success) return { request };
  return { problem: `Release name: ${parsed.error.issues[0]?.message}.` };
}
