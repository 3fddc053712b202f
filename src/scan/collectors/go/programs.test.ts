import { describe, expect, test } from "vitest";
import { factsIn, type Repository, servicesIn } from "../compiled/testing.ts";
import { gin, http, MODULE, program } from "./testing.ts";

describe("several programs", () => {
  const files: Repository = {
    "go.mod": gin,
    "cmd/api/main.go": program(["github.com/gin-gonic/gin"], 'gin.Default().Run(":8080")'),
    "cmd/worker/main.go": program(["time"], "for {}"),
    "cmd/migrate/main.go": program(["database/sql"], ""),
    "scripts/seed/main.go": program([], ""),
  };
  test("are services, tools are none", () => {
    const found = servicesIn(files);
    expect(Object.keys(found)).toEqual(["api", "worker"]);
    expect(found.api).toMatchObject({ kind: "api", framework: "gin", port: 8080, start: "./api", path: "." });
    expect(found.worker).toMatchObject({
      kind: "worker",
      framework: null,
      port: null,
      build: "go build -o worker ./cmd/worker",
    });
  });

  test("an agent waits for work", () => {
    const found = servicesIn({
      ...files,
      "cmd/agent/main.go": program(["time"], "for {}"),
      "cmd/cli/main.go": program([], ""),
    });
    expect(Object.keys(found)).toEqual(["agent", "api", "worker"]);
    expect(found.agent).toMatchObject({ kind: "worker" });
  });

  test("a root that serves beside a tool is one unit", () => {
    const found = servicesIn({ ...http('http.ListenAndServe(":8080", nil)'), "cmd/migrate/main.go": program([], "") });
    expect(Object.keys(found)).toEqual(["shop"]);
  });

  test("of the same name are told apart", () => {
    const server = program(["net/http"], 'http.ListenAndServe(":8080", nil)');
    const found = servicesIn({ "go.mod": MODULE, "a/server/main.go": server, "b/server/main.go": server });
    expect(Object.keys(found)).toEqual(["a-server", "b-server"]);
    expect(found["a-server"]).toMatchObject({ build: "go build -o a-server ./a/server" });
  });

  test("a Dockerfile in the folder of a program makes it a unit", () => {
    const found = servicesIn({
      ...files,
      "cmd/api/Dockerfile": "FROM scratch\n",
      "cmd/worker/Dockerfile": "FROM scratch\n",
    });
    expect(found.api).toMatchObject({
      path: "cmd/api",
      build: "go build -o bin/api .".replace("bin/", ""),
      framework: "gin",
      workspace: ".",
      packageManager: "go",
    });
    expect(found.worker).toMatchObject({ path: "cmd/worker", kind: "worker" });
  });
});

test("modules of a workspace know each other", () => {
  const files: Repository = {
    "go.work": "go 1.22\n\nuse (\n\t./api\n\t./lib // shared\n)\n",
    "api/go.mod": "module example.com/api\n\ngo 1.22\n",
    "api/main.go": program(["net/http", "example.com/lib/log"], 'http.ListenAndServe(":8080", nil)'),
    "lib/go.mod": "module example.com/lib\n",
    "lib/log/log.go": "package log\n",
    "old/go.mod": "module example.com/old\nreplace example.com/lib => ../lib\n",
    "old/main.go": program(["net/http"], 'http.ListenAndServe(":8081", nil)'),
  };
  const found = servicesIn(files);
  expect(Object.keys(found)).toEqual(["api", "old"]);
  expect(found.api).toMatchObject({ workspace: ".", internal: ["lib"], port: 8080 });
  expect(found.old).toMatchObject({ workspace: null, internal: ["lib"] });
  expect(factsIn(files, ["kind"], "lib")).toEqual({ kind: "library" });
});
