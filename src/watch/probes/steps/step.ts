import { type Step, stepRequest } from "../../../config/checks.ts";
import type { IpVersion } from "../../../config/network-checks.ts";
import { createRedactor } from "../../../core/redact.ts";
import { evaluate, statusMatches } from "../expect.ts";
import { createCookieJar } from "../http/cookies.ts";
import { ask } from "../http/request.ts";
import type { Failure, Phases, ProbeContext } from "../probe.ts";
import { extract, namesOfServer, substitute, substituteDeep, substituteUrl } from "./variables.ts";

/** What lasts for one run of the steps. */
export interface Run {
  variables: Map<string, string>;
  saved: ReadonlySet<string>;
  /** The variables whose value a server of the public internet has told. */
  told: Set<string>;
  cookies: ReturnType<typeof createCookieJar>;
  mask: ReturnType<typeof createRedactor>;
}

/** Where a step is asked. */
export interface StepContext extends ProbeContext {
  ip: IpVersion | undefined;
}

export interface StepAnswer {
  failure: Failure | null;
  phases: Phases | null;
  body: string | null;
}

/** A run without cookies and saved values. */
export function newRun(steps: readonly Step[], now: () => number): Run {
  return {
    variables: new Map(),
    told: new Set(),
    saved: new Set(steps.flatMap((step) => Object.keys(step.save ?? {}))),
    cookies: createCookieJar(now),
    mask: createRedactor(),
  };
}

/**
 * One request with what earlier steps saved; keeps what this one saves. An address that a server of the public internet has told
 * must be a public one, as where that redirects. Never throws.
 */
export async function runStep(
  step: Step,
  { variables, told, cookies, mask }: Run,
  context: StepContext,
): Promise<StepAnswer> {
  const { method, url } = stepRequest(step);
  const headers = Object.fromEntries(
    Object.entries(step.headers ?? {}).map(([key, value]) => [key, substitute(value, variables)]),
  );
  const asked = await ask(
    {
      method,
      url: substituteUrl(url, variables),
      headers,
      json: step.json === undefined ? undefined : substituteDeep(step.json, variables),
      body: step.body === undefined ? undefined : substitute(step.body, variables),
      isAnswer: (status) => statusMatches(status, step.expect.status),
      cookies,
    },
    { ...context, told: namesOfServer(url).some((name) => told.has(name)) },
  );
  if ("failure" in asked) return { ...asked, body: null };
  const { answer } = asked;
  const found = { phases: answer.phases, body: answer.text };
  const failure = evaluate(step.expect, answer);
  if (failure && failure.outcome !== "slow") return { ...found, failure };
  for (const [variable, source] of Object.entries(step.save ?? {})) {
    const value = extract(source, answer, cookies);
    if (value === undefined)
      return {
        ...found,
        failure: { outcome: "fail", class: "assertion", family: "auth", detail: `the answer holds no ${variable}` },
      };
    variables.set(variable, value);
    if (answer.outside) told.add(variable);
    else told.delete(variable);
    mask.learn(value);
  }
  return { ...found, failure };
}
