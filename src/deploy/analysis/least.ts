import type { Tally } from "./e-process.ts";
import { upperBound } from "./e-process.ts";

const FIND_RATE = 0.05;
const FIND_RATIO = 5;
/** No old release is known to fail less often than this; a smaller number would only be a lucky one. */
const LEAST_RATE = 0.001;
/** z of 90 %, one-sided. */
const Z = 1.2816;
/** Logarithm of what the mean over 20 rises costs against knowing the right one; found by simulation (see the tests). */
const MIXTURE = 2;

/** The rate that must not be missed: five times the old release's, at least 5 %. The guard on errors stands at the same place. */
export function riseToFind(rate: number): number {
  return Math.min(1, Math.max(FIND_RATE, FIND_RATIO * rate));
}

/**
 * n_min: requests of the new release with which the e-process finds `riseToFind` with 90 % power; without a FAIL by then the
 * release passes. `ratio` is the tolerated rise and `perRequest` the old release's requests beside one of the new;
 * undefined: none is beside it. Infinity where no number is enough.
 *
 * The evidence is a sum over requests with drift μ and second moment v a request (compound Poisson beside, Bernoulli alone);
 * it is above ln(needed) with 90 % when nμ − z·√(nv) reaches it.
 */
export function leastRequests({
  baseline,
  ratio,
  needed,
  perRequest,
}: {
  baseline: Tally;
  ratio: number;
  needed: number;
  perRequest?: number;
}): number {
  const base = Math.max(LEAST_RATE, baseline.requests === 0 ? 0 : baseline.bad / baseline.requests);
  const { drift, square } =
    perRequest === undefined
      ? alone(riseToFind(base), ratio * upperBound(baseline))
      : beside(riseToFind(base), base, ratio, perRequest);
  if (!(drift > 0)) return Number.POSITIVE_INFINITY;
  const wanted = Math.log(needed) + MIXTURE;
  const root = (Z * Math.sqrt(square) + Math.sqrt(Z * Z * square + 4 * drift * wanted)) / (2 * drift);
  return Math.ceil(root * root);
}

interface Moments {
  drift: number;
  square: number;
}

function beside(rate: number, base: number, ratio: number, perRequest: number): Moments {
  const tolerated = ratio / (ratio + perRequest);
  const errors = rate + perRequest * base;
  const theta = rate / errors;
  if (theta <= tolerated || tolerated >= 1) return { drift: 0, square: 0 };
  return scaled(errors, theta, Math.log(theta / tolerated), Math.log((1 - theta) / (1 - tolerated)));
}

function alone(rate: number, p0: number): Moments {
  if (rate <= p0 || rate >= 1) return { drift: 0, square: 0 };
  return scaled(1, rate, Math.log(rate / p0), Math.log((1 - rate) / (1 - p0)));
}

/** Moments of `events` draws, of which the part `theta` adds `up` and the rest `down`. */
function scaled(events: number, theta: number, up: number, down: number): Moments {
  return {
    drift: events * (theta * up + (1 - theta) * down),
    square: events * (theta * up * up + (1 - theta) * down * down),
  };
}
