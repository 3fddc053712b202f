/** How much of a repository is looked at. */
export interface Limits {
  files: number;
  /** Folders below each other. */
  depth: number;
  /** Larger files are read to `headBytes` only. */
  fileBytes: number;
  headBytes: number;
  /** Read in all. */
  bytes: number;
}

export const LIMITS: Limits = { files: 50_000, depth: 24, fileBytes: 1 << 20, headBytes: 64 << 10, bytes: 64 << 20 };
