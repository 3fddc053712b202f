import { NODE_REPOSITORIES } from "./node-repositories.ts";
import { OTHER_REPOSITORIES } from "./other-repositories.ts";
import { PYTHON_REPOSITORIES } from "./python-repositories.ts";
import type { Repositories } from "./types.ts";

/** Small repositories by name. */
export const REPOSITORIES: Repositories = { ...NODE_REPOSITORIES, ...PYTHON_REPOSITORIES, ...OTHER_REPOSITORIES };
