/** What the daemon knows about a service and its surroundings right now. Times are epoch ms. */
export interface Situation {
  /** The service works through jobs and answers no requests: a job of it that is late may be the service's own fault. */
  isWorker: boolean;
  /** Somebody works on the environment. */
  deploying: boolean;
  /** It is a restart that works there, and no deployment. */
  restarting: boolean;
  /** When the service got the code it runs by a deployment; a rollback is none, and ends those it undid. */
  lastDeployAt: number | null;
  /** The good release before the current one, never one that was rolled back from. */
  previousGood: string | null;
  /** Services whose code or settings that deployment changed. */
  deployed: string[];
  /** A database was changed since then in a way that older releases cannot live with. */
  irreversible: boolean;
  dependenciesDown: string[];
  /** Those of them that are databases. */
  databasesDown: string[];
  /** What is wrong with the machines or the provider, in words; null when nothing is known to be. */
  platformTrouble: string | null;
  servicesTotal: number;
  servicesDown: string[];
  /** Those of them that went down within the last 10 min. */
  recentlyDown: string[];
  /** How long its processes usually take to start, p95 in ms; null where none was seen to. */
  bootMs: number | null;
}

/** Healing actions that the whole project has left. */
export interface ActionsLeft {
  hour: number;
  day: number;
}

/** Where an incident stands between the rules, its surroundings and the limits. */
export interface Outlook {
  /** null: it could not be found out. */
  situation: Situation | null;
  /** The last healing action on another service of the environment. */
  healedElsewhereAt: number | null;
  restartsLeft: number;
  actionsLeft: ActionsLeft;
}
