import { z } from "zod";
import { type Step, stepRequest } from "../../../config/checks.ts";
import { createRedactor } from "../../../core/redact.ts";
import { evaluate, statusMatches } from "../expect.ts";
import { createCookieJar } from "../http/cookies.ts";
import { ask } from "../http/request.ts";
import type { Failure, Phases, Probe, ProbeAnswer, ProbeContext } from "../probe.ts";
import { extract, missingVariables, substitute, substituteDeep, substituteUrl } from "./variables.ts";

const Options = z.object({ steps: z.array(z.custom<Step>()).min(1) });

/** Share of the time for the ordinary steps when `always` steps (sign-out) must still run after a step that hangs. */
const MAIN_SHARE = 0.8;

interface Run {
  variables: Map<string, string>;
  saved: ReadonlySet<string>;
  cookies: ReturnType<typeof createCookieJar>;
  mask: ReturnType<typeof createRedactor>;
}

interface StepAnswer {
  failure: Failure | null;
  phases: Phases | null;
  body: string | null;
}

/** Ordered HTTP steps, such as a sign-in: cookies and saved values last for one run. */
export const stepsProbe: Probe<z.infer<typeof Options>> = {
  id: "steps",
  Options,
  sideEffects: true,
  run: async ({ steps }, context) => {
    const run: Run = {
      variables: new Map(),
      saved: new Set(steps.flatMap((step) => Object.keys(step.save ?? {}))),
      cookies: createCookieJar(context.clock.now),
      mask: createRedactor(),
    };
    const main = new AbortController();
    const onDeadline = () => main.abort();
    context.signal.addEventListener("abort", onDeadline, { once: true });
    const timeoutMs = steps.some((step) => step.always) ? context.timeoutMs * MAIN_SHARE : context.timeoutMs;
    const timer = setTimeout(onDeadline, timeoutMs);
    try {
      return await runAll(steps, run, { ...context, signal: main.signal, timeoutMs }, context);
    } finally {
      clearTimeout(timer);
      context.signal.removeEventListener("abort", onDeadline);
    }
  },
};

async function runAll(steps: Step[], run: Run, main: ProbeContext, whole: ProbeContext): Promise<ProbeAnswer> {
  let result: ProbeAnswer = { failure: null, phases: null, body: null };
  for (const [index, step] of steps.entries()) {
    const broken = result.failure !== null && result.failure.outcome !== "slow";
    if (broken && !step.always) continue;
    const missing = missingVariables(step, run.saved, run.variables);
    // After a failed sign-in there is nothing to sign out of.
    if (broken && missing.length > 0) continue;
    const answer = missing.length > 0 ? unsaved(missing) : await runStep(step, run, step.always ? whole : main);
    const failure = answer.failure && name(answer.failure, step, index + 1);
    result = {
      failure: broken || (result.failure && failure?.outcome !== "fail") ? result.failure : failure,
      phases: answer.phases ?? result.phases,
      body: broken ? result.body : answer.body && run.mask(answer.body),
    };
  }
  return result.failure
    ? { ...result, failure: { ...result.failure, detail: run.mask(result.failure.detail) } }
    : result;
}

async function runStep(step: Step, { variables, cookies, mask }: Run, context: ProbeContext): Promise<StepAnswer> {
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
    context,
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
    mask.learn(value);
  }
  return { ...found, failure };
}

/** A failed step says which one it was; the address is shown as written, without saved values. */
function name(failure: Failure, step: Step, number: number): Failure {
  const { method, url } = stepRequest(step);
  const path = url.replace(/^https?:\/\/(?:[^@/]*@)?[^/]*/, "").replace(/\?.*$/s, "") || "/";
  const detail = `step ${number} (${method} ${path}): ${failure.detail}`;
  return failure.outcome === "fail"
    ? { ...failure, class: `auth-step:${number}`, family: "auth", detail }
    : { ...failure, detail };
}

function unsaved(missing: string[]): StepAnswer {
  return {
    failure: {
      outcome: "fail",
      class: "assertion",
      family: "auth",
      detail: `\${${missing.join("}, ${")}} was not saved by an earlier step`,
    },
    phases: null,
    body: null,
  };
}
