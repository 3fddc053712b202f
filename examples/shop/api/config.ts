import { type Faults, parseFaults } from "./fault.ts";

export interface Config {
  port: number;
  databaseUrl: string;
  release: string;
  /** Without it the DevOps routes do not exist. */
  devopsSecret: string | undefined;
  /** A user made at start, for checks that sign in. */
  canary: { email: string; password: string } | undefined;
  faults: Faults;
}

/** Reads the environment once; throws an Error that names the variable. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const port = Number(env.PORT);
  if (!env.PORT || !Number.isInteger(port) || port < 0 || port > 65_535) throw new Error("PORT must be a port number");
  if (!env.DATABASE_URL) throw new Error("DATABASE_URL is not set");
  const { CANARY_EMAIL: email, CANARY_PASSWORD: password } = env;
  return {
    port,
    databaseUrl: env.DATABASE_URL,
    release: env.RELEASE ?? "dev",
    devopsSecret: env.DEVOPS_SECRET || undefined,
    canary: email && password ? { email, password } : undefined,
    faults: parseFaults(env.FAULT),
  };
}
