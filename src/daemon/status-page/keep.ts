import { resolve } from "node:path";
import type { Engine } from "../engine.ts";
import type { UseCases } from "../usecases.ts";
import { exportPage } from "./export.ts";

/** Writes the page to the folder that the manifest names, if it names one. */
export async function keepExported(engine: Engine, { statusPage }: Pick<UseCases, "statusPage">): Promise<void> {
  const { root, status_page: settings } = engine.manifest;
  if (settings?.export !== undefined) await exportPage(await statusPage(), resolve(root, settings.export));
}
