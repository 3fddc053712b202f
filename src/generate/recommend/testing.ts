export type Files = Record<string, string>;
export const TODAY = "2026-11-22";

export const manifest = (more: { dependencies?: object; scripts?: object } = {}) =>
  JSON.stringify({
    name: "shop",
    scripts: { start: "node server.js", ...more.scripts },
    dependencies: { express: "4.0.0", ...more.dependencies },
  });
export const EXPRESS: Files = {
  "package.json": manifest(),
  "package-lock.json": "{}",
  "server.js": 'const express = require("express");\nconst app = express();\napp.listen(process.env.PORT || 3000);\n',
};
export const PAGES: Files = { "index.html": "<h1>hello</h1>" };
export const NEXT: Files = {
  "package.json": JSON.stringify({
    name: "site",
    scripts: { build: "next build", start: "next start" },
    dependencies: { next: "15.0.0", react: "19.0.0" },
  }),
  "package-lock.json": "{}",
  "app/page.tsx": "export default function Page() { return null; }",
};
export const spec = (...lines: string[]): Files => ({
  "SPEC-1/spec.md": `# Shop\n\n## Constraints\n${lines.join("\n")}\n`,
});
