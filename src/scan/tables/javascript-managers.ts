/** A package manager of JavaScript: its lockfiles, and how one types its commands. */
export interface ManagerRow {
  id: string;
  /** The one that is read first where there are several. */
  lockfiles: readonly string[];
  /** With a lockfile that must hold, and without one. */
  frozen: string;
  install: string;
  run: string;
  /** Starts a program of an installed package. */
  exec: string;
}

/** Where several lockfiles lie side by side, the manager that people chose on purpose comes before the one that comes with Node. */
export const MANAGERS: readonly ManagerRow[] = [
  {
    id: "pnpm",
    lockfiles: ["pnpm-lock.yaml"],
    frozen: "pnpm install --frozen-lockfile",
    install: "pnpm install",
    run: "pnpm run",
    exec: "pnpm exec",
  },
  {
    id: "bun",
    lockfiles: ["bun.lock", "bun.lockb"],
    frozen: "bun install --frozen-lockfile",
    install: "bun install",
    run: "bun run",
    exec: "bunx",
  },
  {
    id: "yarn",
    lockfiles: ["yarn.lock"],
    frozen: "yarn install --frozen-lockfile",
    install: "yarn install",
    run: "yarn run",
    exec: "yarn run",
  },
  {
    id: "npm",
    lockfiles: ["package-lock.json", "npm-shrinkwrap.json"],
    frozen: "npm ci",
    install: "npm install",
    run: "npm run",
    exec: "npx",
  },
];
