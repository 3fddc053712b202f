// The layers of src/: a file imports its own folder and lower layers. dependency-cruiser reads TypeScript through the
// package `typescript` 6 (`@typescript/typescript6`), because the native compiler has no JavaScript API; `tsc` itself is version 7.
const LAYERS = [
  ["core", "contract"],
  ["config", "store", "exec", "formats"],
  ["policy", "scan", "lint", "platforms", "github", "notify", "model"],
  ["generate", "deploy", "watch", "diagnose"],
  ["incidents", "audit", "agents"],
  ["daemon"],
  ["server", "mcp", "cli"],
];

// Tests, and what only tests import, may look at everything.
const TESTS = String.raw`(\.test\.tsx?|/testing\.ts)$`;

// `up` is the one command that opens another door.
const OPENS_SERVER = "^src/cli/commands/up[.]ts$";

// The only files of src/ that start a process: the runner; the database server, below which nothing is; the router, which outlives us.
const STARTERS = ["^src/exec/", "^src/store/embedded[.]ts$", "^src/platforms/local/router/client[.]ts$"];

const layerRules = LAYERS.flatMap((folders, level) =>
  folders.map((folder) => {
    const open = [folder, ...LAYERS.slice(0, level).flat()];
    return {
      name: `layer-${level}-${folder}`,
      comment: `src/${folder} (L${level}) imports itself${level > 0 ? " and lower layers" : ""} only`,
      severity: "error",
      from: { path: `^src/${folder}/`, pathNot: folder === "cli" ? [TESTS, OPENS_SERVER] : TESTS },
      to: { path: "^src/", pathNot: `^src/(${open.join("|")})/` },
    };
  }),
);

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: "known-folder",
      comment: "a folder of src/ has its place in LAYERS",
      severity: "error",
      from: {},
      to: { path: "^src/", pathNot: `^src/(${LAYERS.flat().join("|")})/` },
    },
    { name: "no-cycle", severity: "error", from: {}, to: { circular: true } },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "product-only",
      comment: "the product imports no tests, tools or examples",
      severity: "error",
      from: { path: "^(src|web/src)/", pathNot: TESTS },
      to: { path: [TESTS, "^(test|bench|scripts|examples|web/dev)/"], pathNot: "node_modules" },
    },
    {
      name: "no-dev-package",
      comment: "the product runs without devDependencies",
      severity: "error",
      from: { path: "^(src|web/src)/", pathNot: TESTS },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "web-sees-contract",
      comment: "the dashboard knows the types of the contract and HTTP",
      severity: "error",
      from: { path: "^web/src/" },
      to: { path: "^src/", pathNot: "^src/contract/" },
    },
    {
      name: "src-without-web",
      comment: "the dashboard is built, then served as files",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^web/" },
    },
    {
      name: "examples-stand-alone",
      comment: "an example is an application of its own; only its tests borrow the embedded database",
      severity: "error",
      from: { path: "^examples/", pathNot: String.raw`(\.test|/testing)\.ts$` },
      to: { path: "^(src|web|test|scripts|bench)/" },
    },
    {
      name: "examples-tests",
      severity: "error",
      from: { path: String.raw`^examples/.*(\.test|/testing)\.ts$` },
      to: { path: "^src/", pathNot: "^src/(store/embedded|config/load)[.]ts$" },
    },
    {
      name: "processes-start-in-exec",
      severity: "error",
      from: { path: "^(src|web/src)/", pathNot: [TESTS, ...STARTERS] },
      to: { path: "^(node:)?child_process$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["^web/dist/", "(^|/)[.]stationmaster/"] },
    // Type imports count too: a layer is about who knows whom.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "node", "default"] },
  },
};
