import { expect, test } from "vitest";
import { listenFlags, portOf, shellCommands } from "./command-line.ts";

test.each<[string, object[]]>([
  ["node server.js", [{ env: {}, argv: ["node", "server.js"], separator: "" }]],
  [
    "NODE_ENV=production A='b c' node a.js",
    [{ env: { NODE_ENV: "production", A: "b c" }, argv: ["node", "a.js"], separator: "" }],
  ],
  [
    "a && b || c; d | e & f",
    [["a"], ["b"], ["c"], ["d"], ["e"], ["f"]].map((argv) => expect.objectContaining({ argv })) as object[],
  ],
  [
    "run 2>&1 | tee log",
    [
      expect.objectContaining({ argv: ["run", "2>&1"], separator: "|" }),
      expect.objectContaining({ argv: ["tee", "log"] }),
    ],
  ],
  ['echo "a && b" c\\ d', [expect.objectContaining({ argv: ["echo", "a && b", "c d"] })]],
  ['open "never closed', [expect.objectContaining({ argv: ["open", "never closed"] })]],
  [
    "env $(cat .env | xargs) node a.js",
    [{ env: {}, argv: ["env", "$(cat .env | xargs)", "node", "a.js"], separator: "" }],
  ],
  ["A=`date; echo 1` node a", [expect.objectContaining({ env: { A: "`date; echo 1`" }, argv: ["node", "a"] })]],
  ["echo $(never closed; node a", [expect.objectContaining({}), expect.objectContaining({ argv: ["node", "a"] })]],
  ["   ", []],
])("%s", (line, expected) => {
  expect(shellCommands(line)).toEqual(expected);
});

test.each<[string, object]>([
  ["next start -p 4000", { port: 4000 }],
  ["vite preview --port=4173 --host", { port: 4173 }],
  ["gunicorn app:app -b 0.0.0.0:${PORT:-8000}", { port: 8000, host: "0.0.0.0" }],
  ["serve -l 3000", { port: 3000 }],
  ["serve -l tcp://0.0.0.0:5000", { port: 5000, host: "0.0.0.0" }],
  ["dotnet a.dll --urls http://+:8080", { port: 8080, host: "+" }],
  ["x --host --port 80", { port: 80 }],
  ["x --host 127.0.0.1", { host: "127.0.0.1" }],
  ["x --bind [::]:3000", { port: 3000, host: "[::]" }],
  ["x -p $PORT", {}],
  ["x -p 99999", {}],
])("%s", (line, expected) => {
  expect(listenFlags(line.split(" "))).toEqual(expected);
});

test("a port is a number, or the fallback of a variable", () => {
  expect(["3000", "${PORT:-80}", "${PORT-81}", "$PORT", "0", "70000", "x"].map(portOf)).toEqual([
    3000,
    80,
    81,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
