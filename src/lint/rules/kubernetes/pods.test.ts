import { expect, test } from "vitest";
import { judge } from "../testing.ts";
import { KUBERNETES_RULES } from "./index.ts";
import { type Case, CLEAN, PATH } from "./testing.ts";

const CASES: readonly Case[] = [
  // SM32
  [
    "nobody said that it is not root",
    / {8}runAsNonRoot: true\n {8}runAsUser: 10001\n/,
    "",
    [/^SM32 warning .*:14 .*runAsNonRoot: true, runAsUser: 10001/],
  ],
  ["root", "runAsUser: 10001", "runAsUser: 0", [/^SM32 warning .*api runs as root/]],
  ["a user of the node", "runAsUser: 10001", "runAsUser: 1000", [/^SM32 note .*user 1000/]],
  ["a user that the image chooses", "        runAsUser: 10001\n", "", [/^SM32 note .*numeric/]],
  // SM33
  [
    "may gain rights",
    "            allowPrivilegeEscalation: false\n",
    "",
    [/^SM33 warning .*:28 .*allowPrivilegeEscalation/],
  ],
  ["privileged", "allowPrivilegeEscalation: false", "privileged: true", [/^SM33 error .*privileged/]],
  // SM34
  [
    "a root file system that can change",
    "readOnlyRootFilesystem: true",
    "readOnlyRootFilesystem: false",
    [/^SM34 warning/],
  ],
  [
    "nothing that can be written",
    "          volumeMounts: [{ name: tmp, mountPath: /tmp }]\n",
    "",
    [/^SM34 note .*can write nowhere/],
  ],
  // SM35
  ["capabilities", "            capabilities: { drop: [ALL] }\n", "", [/^SM35 warning .*drop: \[ALL\]/]],
  ["a strong capability", "drop: [ALL]", "drop: [all], add: [SYS_ADMIN]", [/^SM35 warning .*SYS_ADMIN/]],
  ["the capability to take low ports", "drop: [ALL]", "drop: [ALL], add: [NET_BIND_SERVICE]", []],
  // SM36
  ["all system calls", "        seccompProfile: { type: RuntimeDefault }\n", "", [/^SM36 warning .*RuntimeDefault/]],
  ["all system calls, said so", "type: RuntimeDefault", "type: Unconfined", [/^SM36 warning/]],
  // SM37
  [
    "the account of everybody",
    / {6}serviceAccountName: api\n {6}automountServiceAccountToken: false\n/,
    "",
    [/^SM37 warning .*:14 .*default/],
  ],
  ["the account of everybody without its token", "      serviceAccountName: api\n", "", [/^SM37 note/]],
  [
    "an account that does not exist",
    "serviceAccountName: api",
    "serviceAccountName: apo",
    [/^SM37 warning .*:15 .*apo/],
  ],
  [
    "a token that nothing needs",
    / {6}automountServiceAccountToken: false\n([\s\S]*)\nautomountServiceAccountToken: false\n/,
    "$1\n",
    [/^SM37 warning .*no token/],
  ],
  [
    "a token that a role needs",
    / {6}automountServiceAccountToken: false\n([\s\S]*)\nautomountServiceAccountToken: false\n/,
    "$1\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: { name: r }\nroleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: r }\nsubjects: [{ kind: ServiceAccount, name: api }]\n",
    [],
  ],
  // SM38
  [
    "no requests",
    / {10}resources:\n.*\n.*\n/,
    "",
    [/^SM38 warning .*cpu and memory/, /^SM38 warning .*limits\.memory/, /^SM42 warning .*CPU request/],
  ],
  ["a higher memory limit", "limits: { memory: 256Mi }", "limits: { memory: 1Gi }", [/^SM38 note .*:36 /]],
  ["a CPU limit", "limits: { memory: 256Mi }", "limits: { memory: 256Mi, cpu: 1 }", [/^SM38 note .*CPU limit/]],
  [
    "limits alone are requests",
    /requests: \{ cpu: 100m, memory: 0.25Gi \}\n +limits: \{ memory: 256Mi \}/,
    "limits: { memory: 256Mi, cpu: 1 }",
    [/^SM38 note .*CPU limit/],
  ],
  // SM39
  ["no readiness", / {10}readinessProbe.*\n/, "", [/^SM39 warning .*readinessProbe/]],
  ["no liveness", / {10}livenessProbe.*\n {10}startupProbe.*\n/, "", [/^SM39 note .*livenessProbe/]],
  [
    "liveness asks what it depends on",
    "livenessProbe: { httpGet: { path: /healthz,",
    "livenessProbe: { httpGet: { path: /health/ready,",
    [/^SM39 warning .*depends on/],
  ],
  [
    "liveness asks the database",
    /livenessProbe: .*/,
    "livenessProbe: { exec: { command: [pg_isready, -h, db] } }",
    [/^SM39 warning .*database/],
  ],
  ["the same question", "path: /readyz", "path: /healthz", [/^SM39 note .*same/]],
  [
    "the same question, more patiently",
    /readinessProbe: \{ httpGet: \{ path: \/readyz, port: http \} \}\n(.*)port: http \} \}/,
    "readinessProbe: { httpGet: { path: /healthz, port: http }, failureThreshold: 2 }\n$1port: http }, failureThreshold: 6 }",
    [],
  ],
  ["a port name that nothing has", "/readyz, port: http", "/readyz, port: web", [/^SM39 error .*"web"/]],
  ["a port that nothing lists", "/readyz, port: http", "/readyz, port: 9000", [/^SM39 warning .*9000/]],
  [
    "a long wait instead of a startup probe",
    / {10}livenessProbe: \{ (.*) \}\n.*startupProbe.*\n/,
    "          livenessProbe: { $1, initialDelaySeconds: 120 }\n",
    [/^SM39 note .*startupProbe/],
  ],
];

test.each(CASES)("%s", (_, from, to, told) => {
  const text = CLEAN.replace(from, to);
  expect(text).not.toBe(CLEAN);
  const found = judge(KUBERNETES_RULES, { [PATH]: text });
  // A wrong selector is missed by what selects the pods, too.
  const own = told.some((pattern) => /SM43 error .*:8/.test(pattern.source))
    ? found.filter((line) => /^SM43 error/.test(line))
    : found;
  expect(own.map((line) => line.slice(0, 60))).toHaveLength(told.length);
  for (const [index, pattern] of told.entries()) expect(own[index]).toMatch(pattern);
});
