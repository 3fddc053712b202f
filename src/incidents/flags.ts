/** People hear nothing of it while something else is told of that explains it, or while it is silenced. Times are epoch ms. */
export interface Suppressed {
  /** Names of what fails above it, ids of silences, or the incident it is folded into. */
  by: string[];
  /** When that was last known to hold. */
  since: number;
  /** When it is asked again. */
  lookAt: number;
  /** Whether people had heard of the incident before. */
  told: boolean;
  /** Whether they would have heard of something meanwhile. */
  missed: boolean;
}

/** Incidents that this one stands for. */
export interface StormState {
  cause: string;
  members: { id: string; service: string; symptom: string }[];
}
