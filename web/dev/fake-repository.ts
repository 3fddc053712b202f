import type { Hono } from "hono";
import { RepositoryView } from "../../src/contract/repository.ts";
import { emptyRepository, repository } from "./repository-stories.ts";

/** The route of the repository: looking again finds nothing missing any more. */
export function addRepository(app: Hono, { empty }: { empty: boolean }): void {
  app.get("/api/repository", (c) => {
    const found = empty ? emptyRepository() : repository();
    const view = c.req.query("fresh") === "true" ? { ...found, scan: { ...found.scan, gaps: [] } } : found;
    return c.json(RepositoryView.parse(view));
  });
}
