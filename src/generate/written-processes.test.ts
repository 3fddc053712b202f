import { expect, test } from "vitest";
import { parseManifest } from "../config/load.ts";
import { memoryFiles } from "../scan/files.ts";
import { reportOf } from "../scan/report.ts";
import { scanUnits } from "../scan/scan.ts";
import { takeSnapshot } from "../scan/snapshot.ts";
import { makePlan } from "./make-plan.ts";
import { loadPins } from "./pins.ts";

const APPLICATION = {
  "requirements.txt": "flask\ngunicorn\ncelery\n",
  "app.py": "from flask import Flask\napp = Flask(__name__)\n",
  "worker.py": "print(1)\n",
  Procfile: "web: gunicorn app:app\nworker: celery -A app worker\n",
};

function plan(services: string, files: Record<string, string> = APPLICATION) {
  const snapshot = takeSnapshot(memoryFiles(files));
  const manifest = parseManifest(
    `project: shop\nservices:\n${services}\nenvironments: { local: { platform: local } }\n`,
    "stationmaster.yaml",
  );
  const report = reportOf(scanUnits(snapshot));
  const { services: planned } = makePlan({ report, tree: snapshot, pins: loadPins(), folder: "shop", manifest });
  return planned.map(({ name, role, start, processes }) => ({ name, role, start, processes }));
}
const WEB = "  web: { start: .venv/bin/python -u -m gunicorn app:app }";
const worker = (start: string, name = "web-worker") => `${WEB}\n  ${name}: { kind: worker, start: "${start}" }`;

test.each<[string, string, string, string]>([
  [
    "as init wrote it",
    worker(".venv/bin/python -u -m celery -A app worker", "shop-worker"),
    "worker",
    "celery -A app worker",
  ],
  ["changed by a person", worker("celery -A app worker -c 4", "worker"), "worker", "celery -A app worker -c 4"],
  [
    "one that nobody found",
    `${worker("celery -A app worker")}\n  web-mail: { kind: worker, start: python mail.py }`,
    "mail",
    "python mail.py",
  ],
])("a worker in the folder of a service runs from its image: %s", (_, services, name, command) => {
  const planned = plan(services);
  expect(planned.map((service) => service.name)).toEqual(["web"]);
  expect(planned[0]?.processes).toContainEqual({ name, command });
});

test.each([
  ["an image of its own", `${WEB}\n  mail: { kind: worker, image: acme/mail, start: ./mail }`],
  ["no service beside it", "  mail: { kind: worker, start: python worker.py }"],
])("a worker with %s stays a service", (_, services) => {
  expect(plan(services).map(({ name, role }) => [name, role])).toContainEqual(["mail", "worker"]);
});

test("what ends by itself follows the code, since the manifest has no word for it", () => {
  const files = {
    ...APPLICATION,
    "jobs/nightly/requirements.txt": "requests\n",
    "jobs/nightly/main.py": 'import requests\n\nif __name__ == "__main__":\n    requests.get("https://example.com")\n',
  };
  const names = plan(WEB, files).map(({ name }) => name);
  expect(names[0]).toBe("web");
  const { services } = reportOf(scanUnits(takeSnapshot(memoryFiles(files))));
  const passing = services.filter(({ kind }) => kind === "job" || kind === "cron" || kind === "cli");
  expect(passing).not.toEqual([]);
  expect(names.slice(1)).toEqual(passing.map(({ name }) => name));
});
