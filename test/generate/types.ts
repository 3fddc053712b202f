/** Files of a repository by path. */
export type Files = Record<string, string>;
export type Repositories = Record<string, Files>;
