import { z } from "zod";
import { type Step, stepRequest } from "../../../config/checks.ts";
import type { IpVersion } from "../../../config/network-checks.ts";
import type { Failure, Probe, ProbeAnswer } from "../probe.ts";
import { newRun, type Run, runStep, type StepAnswer, type StepContext } from "./step.ts";
import { missingVariables } from "./variables.ts";
import { passwordStep, wrongPassword } from "./wrong-password.ts";

const Options = z.object({
  steps: z.array(z.custom<Step>()).min(1),
  wrong_password: z.boolean().default(true),
  ip: z.custom<IpVersion>().optional(),
});

/** Share of the time for the ordinary steps when `always` steps (sign-out) must still run after a step that hangs. */
const MAIN_SHARE = 0.8;

/** Ordered HTTP steps, such as a sign-in: cookies and saved values last for one run. */
export const stepsProbe: Probe<z.infer<typeof Options>> = {
  id: "steps",
  Options,
  sideEffects: true,
  run: async ({ steps, wrong_password, ip }, given) => {
    const context: StepContext = { ...given, ip };
    const run = newRun(steps, context.clock.now);
    const main = new AbortController();
    const onDeadline = () => main.abort();
    context.signal.addEventListener("abort", onDeadline, { once: true });
    const timeoutMs = steps.some((step) => step.always) ? context.timeoutMs * MAIN_SHARE : context.timeoutMs;
    const timer = setTimeout(onDeadline, timeoutMs);
    try {
      const within = { ...context, signal: main.signal, timeoutMs };
      const result = await runAll(steps, run, within, context);
      const number = wrong_password ? passwordStep(steps) : -1;
      const step = steps[number];
      if (!step || (result.failure && result.failure.outcome !== "slow")) return result;
      const accepted = await wrongPassword(steps, number, within);
      return accepted ? { ...result, failure: name(accepted, step, number + 1) } : result;
    } finally {
      clearTimeout(timer);
      context.signal.removeEventListener("abort", onDeadline);
    }
  },
};

async function runAll(steps: Step[], run: Run, main: StepContext, whole: StepContext): Promise<ProbeAnswer> {
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
