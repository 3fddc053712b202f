import { isRecord, listAt, recordAt, stringAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import { judgeValue } from "../../secrets/assignments.ts";
import { isSecretName } from "../../secrets/names.ts";
import { isReference } from "../../secrets/value.ts";
import { complain } from "../places.ts";
import { isOneShot, knownImageOf } from "./images.ts";
import { type ComposeFile, type ComposeService, composeOf, environmentOf, mountsOf } from "./model.ts";
import { isNamedProduction, type Purpose, purposeOf } from "./purpose.ts";

/** SM17 */
export const hardening: Rule = {
  id: "SM17",
  title: "production: least rights, a memory limit, rotated logs; no literal secret",
  help: "A container that can neither write its own files nor gain rights is a poor place for an intruder. Without limits one service takes the memory of all, and logs fill the disk.",
  severity: "warning",
  cis: "docker 5.3",
  origins: [],
  kinds: ["compose"],
  check(file, context) {
    const compose = composeOf(file, context);
    const purpose = purposeOf(compose, context);
    return compose.services.flatMap((service) => [
      ...rights(compose, service, purpose),
      ...secrets(compose, service, purpose),
      ...(purpose === "production" ? limits(compose, service) : []),
      ...(purpose === "development" ? mounted(compose, service) : []),
    ]);
  },
};

/** What gives a container the host. */
function rights(
  { document }: ComposeFile,
  { own, path, name }: ComposeService,
  purpose: Purpose | undefined,
): Complaint[] {
  const found: Complaint[] = [];
  const severity = purpose === "production" ? "error" : "warning";
  if (own.privileged === true)
    found.push(
      complain(
        document,
        [...path, "privileged"],
        `${name} is privileged, so it can do everything on the host: add the capability it needs instead`,
        { severity },
      ),
    );
  for (const key of ["pid", "ipc"])
    if (own[key] === "host")
      found.push(
        complain(document, [...path, key], `${name} shares the ${key} namespace of the host: leave ${key} out`),
      );
  if (purpose === "test") return found;
  const socket = mountsOf(own).find(({ source }) => /\/docker\.sock$/.test(source ?? ""));
  // With it a container starts others with any rights.
  if (socket && !socket.readOnly)
    found.push(
      complain(
        document,
        [...path, ...socket.path],
        `${name} gets the socket of Docker, and with it the host: put a proxy for the calls it needs in between`,
        { severity: "note" },
      ),
    );
  return found;
}

function secrets(compose: ComposeFile, { own, path }: ComposeService, purpose: Purpose | undefined): Complaint[] {
  return environmentOf(own).flatMap(({ name, value, path: at }) => {
    if (
      value === null ||
      value === "" ||
      !isSecretName(name) ||
      isReference(value) ||
      /^(?:true|false|yes|no|\d{1,4})$/i.test(value)
    )
      return [];
    const real = judgeValue(name, value);
    // A password that everybody knows does no harm on the machine of a developer.
    if (!real && purpose !== "production") return [];
    const severity = purpose === "production" && (real || isNamedProduction(compose)) ? "error" : "warning";
    return [
      complain(
        compose.document,
        [...path, ...at],
        `${name} stands here in plain: take it from the environment, \${${name}:?}, or from secrets`,
        { severity },
      ),
    ];
  });
}

function limits({ document }: ComposeFile, service: ComposeService): Complaint[] {
  const { value, path, name, open } = service;
  if (open || isOneShot(service)) return [];
  const options = listAt(value, ["security_opt"]).map(String);
  const ours = !knownImageOf(service);
  const missing = [
    // Databases write where they like and change their user: that they are confined is the concern of their makers.
    ...(ours && value.read_only !== true ? ["read_only: true (with tmpfs: /tmp)"] : []),
    ...(ours && !listAt(value, ["cap_drop"]).some((cap) => /^all$/i.test(String(cap))) ? ["cap_drop: [ALL]"] : []),
    ...(options.some((option) => /^no-new-privileges(?:[:=]true)?$/.test(option))
      ? []
      : ["security_opt: [no-new-privileges:true]"]),
    ...(hasMemoryLimit(value) ? [] : ["a memory limit"]),
    ...(rotatesLogs(value) ? [] : ["logging with max-size"]),
  ];
  return [
    ...(missing.length === 0 ? [] : [complain(document, path, `${name} lacks ${missing.join(", ")}`)]),
    ...(ours && value.read_only === true && !mayWriteTemporary(value)
      ? [
          complain(document, path, `${name} can write nowhere, not even to /tmp: add \`tmpfs: [/tmp]\` if it has to`, {
            severity: "note",
          }),
        ]
      : []),
  ];
}

/** Whether anything is mounted where programs put temporary files. */
function mayWriteTemporary(value: Record<string, unknown>): boolean {
  const targets = [[value.tmpfs ?? []].flat().map(String), mountsOf(value).map(({ target }) => target)].flat();
  return targets.length > 0 || environmentOf(value).some(({ name }) => name === "TMPDIR");
}

function hasMemoryLimit(value: Record<string, unknown>): boolean {
  return "mem_limit" in value || recordAt(value, ["deploy", "resources", "limits"]).memory !== undefined;
}

/** The driver of files keeps everything unless told otherwise; the others hand logs on. */
function rotatesLogs(value: Record<string, unknown>): boolean {
  const logging = value.logging;
  if (!isRecord(logging)) return false;
  const driver = stringAt(logging, ["driver"]) ?? "json-file";
  return driver !== "json-file" || recordAt(logging, ["options"])["max-size"] !== undefined;
}

/** What is built again for each change of a line is no help while one works on it. */
function mounted({ document, file }: ComposeFile, { value, path, name, open }: ComposeService): Complaint[] {
  if (open || !("build" in value) || "develop" in value || !/(?:^|[._-])dev(?:elopment)?[._-]/.test(file.path))
    return [];
  if (mountsOf(value).some(({ kind }) => kind === "bind")) return [];
  return [
    complain(document, path, `${name} is built again for each change: mount its code, or use develop.watch`, {
      severity: "note",
    }),
  ];
}
