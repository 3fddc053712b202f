import { createRequire } from "node:module";
import { lazy } from "../core/lazy.ts";

const require = createRequire(import.meta.url);

// Each is dozens of files: half of the time that a scan of a small application takes from its start, where none of them is needed.

/** Reads YAML; loaded when the first text of it is read. */
export const yamlLibrary = lazy((): typeof import("yaml") => require("yaml"));

/** Reads Dockerfiles; loaded with the first of them. */
export const dockerfileLibrary = lazy((): typeof import("dockerfile-ast") => require("dockerfile-ast"));

/** Compares versions; loaded with the first of them, and only what is needed of it. */
export const semverLibrary = lazy(() => ({
  intersects: require("semver/ranges/intersects.js") as typeof import("semver/ranges/intersects.js"),
  valid: require("semver/functions/valid.js") as typeof import("semver/functions/valid.js"),
  validRange: require("semver/ranges/valid.js") as typeof import("semver/ranges/valid.js"),
}));
