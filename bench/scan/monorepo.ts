const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** A repository of many services and libraries with about so many files, some two kilobytes each. */
export function monorepo(files: number): Record<string, string> {
  const all: Record<string, string> = {
    "package.json": json({ name: "shop", private: true, workspaces: ["services/*", "libraries/*"] }),
    "pnpm-workspace.yaml": "packages:\n  - services/*\n  - libraries/*\n",
    "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
    ".gitignore": "node_modules\ndist\n*.log\n",
  };
  const units = 60;
  const each = Math.ceil((files - 300) / units);
  for (let unit = 0; unit < units; unit += 1) {
    const kind = unit % 4;
    if (kind === 0) scriptService(all, `services/api-${unit}`, each);
    else if (kind === 1) scriptLibrary(all, `libraries/lib-${unit}`, each);
    else if (kind === 2) pythonService(all, `services/jobs-${unit}`, each);
    else goService(all, `services/edge-${unit}`, each);
  }
  return all;
}

const PADDING = "// What it does is said in its name; what it needs is asked for by those that call it.\n".repeat(12);

function scriptService(all: Record<string, string>, path: string, count: number): void {
  all[`${path}/package.json`] = json({
    name: `@shop/${path.split("/")[1]}`,
    scripts: { start: "node src/server.ts" },
    dependencies: { express: "^5.0.0", pg: "^8.0.0", "@shop/lib-1": "workspace:*" },
  });
  all[`${path}/src/server.ts`] =
    'import express from "express";\nimport { router } from "./routes/index.ts";\n\nconst app = express();\napp.get("/healthz", (request, response) => response.end());\napp.use("/api", router);\napp.listen(process.env.PORT ?? 3000);\nprocess.on("SIGTERM", () => process.exit(0));\n';
  all[`${path}/src/routes/index.ts`] = 'import { Router } from "express";\n\nexport const router = Router();\n';
  for (let at = 0; at < count; at += 1)
    all[`${path}/src/parts/group-${at % 12}/part-${at}.ts`] =
      `import { z } from "zod";\n${PADDING}\nexport function part${at}(order: { id: string; total: number }): string {\n  const text = \`order \${order.id}: \${order.total.toFixed(2)}\`;\n  return process.env.PART_${at % 7} ? text.toUpperCase() : text;\n}\n\nexport class Part${at} {\n  readonly #name = "part-${at}";\n  get name() {\n    return this.#name; // as it was given\n  }\n}\n`;
}

function scriptLibrary(all: Record<string, string>, path: string, count: number): void {
  all[`${path}/package.json`] = json({ name: `@shop/${path.split("/")[1]}`, exports: "./src/index.ts" });
  for (let at = 0; at < count; at += 1)
    all[`${path}/src/part-${at}.ts`] =
      `${PADDING}export const value${at} = { id: ${at}, name: "value ${at}", list: [1, 2, 3].map((one) => one * ${at}) };\n`;
}

function pythonService(all: Record<string, string>, path: string, count: number): void {
  all[`${path}/requirements.txt`] = "fastapi==0.115.0\nuvicorn==0.32.0\nredis==5.2.0\n";
  all[`${path}/main.py`] =
    'import os\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get("/health")\ndef health():\n    return {}\n';
  const padding = PADDING.replaceAll("//", "#");
  for (let at = 0; at < count; at += 1)
    all[`${path}/parts/part_${at}.py`] =
      `${padding}import os\n\n\nclass Part${at}:\n    """Knows part ${at}."""\n\n    def run(self, order: dict[str, str]) -> str:\n        return f"{order['id']}: {os.environ.get('PART_${at % 5}', 'none')}"\n`;
}

function goService(all: Record<string, string>, path: string, count: number): void {
  all[`${path}/go.mod`] = `module example.com/${path}\n\ngo 1.24\n`;
  all[`${path}/main.go`] =
    'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) {})\n\t_ = http.ListenAndServe(":8080", nil)\n}\n';
  for (let at = 0; at < count; at += 1)
    all[`${path}/parts/part${at}.go`] =
      `package parts\n\n${PADDING}\n// Part${at} is one of many.\ntype Part${at} struct {\n\tName string \`json:"name"\`\n}\n\nfunc (p Part${at}) Title() string {\n\treturn "part " + p.Name\n}\n`;
}
