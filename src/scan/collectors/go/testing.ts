import type { Repository } from "../compiled/testing.ts";

export const MODULE = "module github.com/acme/shop\n\ngo 1.22\n";
export const requires = (...lines: string[]) =>
  `${MODULE}\nrequire (\n${lines.map((line) => `\t${line}`).join("\n")}\n)\n`;
export const program = (imports: string[], body: string) =>
  `package main\n\nimport (\n${imports.map((path) => `\t"${path}"`).join("\n")}\n)\n\nfunc main() {\n${body}\n}\n`;
export const gin = requires("github.com/gin-gonic/gin v1.9.1");
export const http = (body: string): Repository => ({ "go.mod": MODULE, "main.go": program(["net/http", "os"], body) });
