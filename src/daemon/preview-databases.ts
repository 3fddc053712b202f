import { interpolate, type SecretSource } from "../config/secrets.ts";
import { copyDatabase, databaseName, dropDatabase } from "../deploy/previews/databases.ts";
import { updatePreview } from "../store/previews.ts";
import type { PreviewRow } from "../store/tables/hosts.ts";
import type { Engine } from "./engine.ts";
import { projectReader } from "./project.ts";

/** Makes the databases a preview's stores want, and notes each before it is made. Needs the secrets the preview may use. */
export async function makeDatabases({ place, store }: Engine, preview: PreviewRow): Promise<void> {
  const { manifest, secrets } = projectReader(place, preview)();
  const databases = { ...preview.databases };
  for (const [name, { url, preview: copies }] of Object.entries(manifest.stores)) {
    if (url === undefined || !copies) continue;
    const database = databaseName(preview, name);
    await copyDatabase(addressOf(name, url, secrets), {
      name: database,
      template: copies.template,
      begun: databases[name] === database,
      record: async () => {
        databases[name] = database;
        await updatePreview(store.db, preview, { databases });
      },
    });
  }
}

/** Drops what `makeDatabases` noted and what has the name of this preview; everything else stays. */
export async function dropDatabases({ place }: Engine, preview: PreviewRow): Promise<void> {
  const { manifest, secrets } = projectReader(place, undefined)();
  for (const [name, database] of Object.entries(preview.databases)) {
    const store = manifest.stores[name];
    const url = store?.preview?.url ?? store?.url;
    if (url === undefined || database !== databaseName(preview, name)) continue;
    await dropDatabase(addressOf(name, url, secrets), database);
  }
}

function addressOf(store: string, url: string, secrets: SecretSource): string {
  const none = () => undefined;
  return interpolate(url, { secret: secrets.find, store: none, service: none }, `stores.${store}.url`);
}
