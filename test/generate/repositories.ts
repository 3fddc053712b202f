import { NODE_REPOSITORIES } from "./node-repositories.ts";
import { OTHER_REPOSITORIES } from "./other-repositories.ts";
import { PYTHON_REPOSITORIES } from "./python-repositories.ts";

/** Small repositories by name: their files by path. */
export type Repositories = Record<string, Files>;
export type Files = Record<string, string>;

export const REPOSITORIES: Repositories = { ...NODE_REPOSITORIES, ...PYTHON_REPOSITORIES, ...OTHER_REPOSITORIES };
