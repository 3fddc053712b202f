import type { PowerTable, StrategyKind } from "../../contract/rollout.ts";

const SURE = 0.9;

/**
 * How users get a release where the manifest does not say (design, section 7): canary if that catches a rise of errors from 1 to
 * 5 % in nine of ten rollouts, for every service that has a release already; else blue-green. `why` is for who reads the plan.
 */
export function chooseStrategy(power: readonly PowerTable[]): { kind: StrategyKind; why: string } {
  const chance = ({ rows }: PowerTable) => rows.find(({ from, to }) => from === 0.01 && to === 0.05)?.caught ?? 0;
  const blind = power.find((table) => chance(table) < SURE);
  if (power.length === 0) return { kind: "blue-green", why: "blue-green: there is no old release to compare with" };
  if (!blind)
    return {
      kind: "canary",
      why: "canary: it would see a rise of errors from 1 % to 5 % in at least 9 of 10 rollouts",
    };
  const seen = Math.floor(100 * chance(blind));
  return {
    kind: "blue-green",
    why: `blue-green: with the traffic of ${blind.service} a canary would see a rise of errors from 1 % to 5 % in ${seen} of 100 rollouts`,
  };
}
