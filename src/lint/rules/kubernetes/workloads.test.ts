import { expect, test } from "vitest";
import { judge } from "../testing.ts";
import { KUBERNETES_RULES } from "./index.ts";
import { type Case, CLEAN, PATH } from "./testing.ts";

const CASES: readonly Case[] = [
  // SM40
  ["one pod at least", "minReplicas: 2", "minReplicas: 1", [/^SM40 warning .*minReplicas: 2/]],
  ["pods on one node", / {6}topologySpreadConstraints:\n(.*\n){4}/, "", [/^SM40 warning .*one node/]],
  [
    "anti-affinity",
    / {6}topologySpreadConstraints:\n(.*\n){4}/,
    "      affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } }\n",
    [],
  ],
  // SM41
  ["a budget that lets none go", "maxUnavailable: 1\n", "maxUnavailable: 0\n", [/^SM41 warning .*drained/]],
  ["a budget that keeps all", "  maxUnavailable: 1\n  unh", "  minAvailable: 2\n  unh", [/^SM41 warning .*all 2 pods/]],
  ["a budget of all in per cent", "  maxUnavailable: 1\n  unh", "  minAvailable: 100%\n  unh", [/^SM41 warning/]],
  ["a half has to stay", "  maxUnavailable: 1\n  unh", "  minAvailable: 50%\n  unh", []],
  ["ill pods block a drain", "  unhealthyPodEvictionPolicy: AlwaysAllow\n", "", [/^SM41 note .*AlwaysAllow/]],
  [
    "a budget for other pods",
    /(AlwaysAllow\n {2}selector: \{ matchLabels: \{ app.kubernetes.io\/name: )api/,
    "$1apo",
    [/^SM41 note .*PodDisruptionBudget/, /^SM41 warning .*none of the pods/],
  ],
  // SM42
  [
    "a count beside an autoscaler",
    "spec:\n  selector:",
    "spec:\n  replicas: 3\n  selector:",
    [/^SM42 warning .*:7 .*leave `replicas` out/],
  ],
  [
    "an autoscaler of nothing",
    "kind: Deployment, name: api",
    "kind: Deployment, name: apo",
    [/^SM40 warning .*one pod/, /^SM42 warning .*apo/],
  ],
  ["an autoscaler upside down", "maxReplicas: 10", "maxReplicas: 1", [/^SM42 error/]],
  // SM43
  [
    "a selector that does not match",
    /(template:\n {4}metadata:\n {6}labels: \{ app.kubernetes.io\/name: )api/,
    "$1web",
    [/^SM43 error .*:8|^SM43 error .*:7/],
  ],
  [
    "a service of nothing",
    /(kind: Service\n[\s\S]*?selector: \{ app.kubernetes.io\/name: )api/,
    "$1apo",
    [/^SM43 warning .*none of the pods/],
  ],
  [
    "a service of a label that its workload does not have",
    /(kind: Service\n[\s\S]*?selector: \{ )app.kubernetes.io\/name/,
    "$1app",
    [/^SM43 warning .*none of the pods/],
  ],
  ["a service to a port name that nothing has", "targetPort: http", "targetPort: web", [/^SM43 error .*"web"/]],
  ["a service to another port", "targetPort: http", "targetPort: 3000", [/^SM43 warning .*3000/]],
  ["a service to the port by number", "targetPort: http", "targetPort: 8080", []],
  [
    "a port name that is too long",
    "containerPort: 8080 }",
    "containerPort: 8080 }, { name: the-metrics-port-of-it, containerPort: 9090 }",
    [/^SM43 error .*15 lower/],
  ],
  ["an ingress to nothing", "service: { name: api", "service: { name: apo", [/^SM43 warning .*no Service apo/]],
  [
    "an ingress to another port",
    "port: { name: http } } }",
    "port: { number: 8080 } } }",
    [/^SM43 error .*no port 8080/],
  ],
  // SM44
  [
    "a policy that allows all",
    "ingress:\n    - from",
    "ingress:\n    - {}\n    - from",
    [/^SM44 warning .*all incoming/],
  ],
  ["no names can be looked up", / {2}egress:\n.*\n.*\n/, "", [/^SM44 warning .*port 53/]],
  [
    "a policy for no pod",
    /podSelector: \{ matchLabels: \{ app.kubernetes.io\/name: api/,
    "podSelector: { matchLabels: { app.kubernetes.io/name: apo",
    [/^SM44 warning .*port 53/, /^SM44 warning .*none of the pods/],
  ],
  // SM45
  ["a password in plain text", /valueFrom: .*/, "value: h7Gk2pQ9xVw4", [/^SM45 error .*:32 .*DATABASE_PASSWORD/]],
  [
    "where the password lies",
    /name: DATABASE_PASSWORD\n.*/,
    "name: DATABASE_PASSWORD_FILE\n              value: /run/secrets/db",
    [],
  ],
  ["another variable", /valueFrom: .*/, "value: $(OTHER_PASSWORD)", []],
  // SM46
  ["the newest image", "api:1.4.2", "api:latest", [/^SM46 warning .*:29 /]],
  ["no version", "api:1.4.2", "api", [/^SM46 warning/]],
  ["an image that a script fills in", "ghcr.io/acme/api:1.4.2", "${IMAGE}", []],
  [
    "the network of the node",
    "      serviceAccountName: api\n",
    "      serviceAccountName: api\n      hostNetwork: true\n",
    [/^SM46 warning .*hostNetwork/],
  ],
  [
    "the socket of the runtime",
    "emptyDir: {}",
    "hostPath: { path: /var/run/docker.sock }",
    [/^SM46 error .*docker\.sock/],
  ],
  ["a folder of the node", "emptyDir: {}", "hostPath: { path: /data }", [/^SM46 warning/]],
  // SM47
  ["no pod may be left", "maxUnavailable: 0", "maxUnavailable: 100%", [/^SM47 warning .*2 of 2/]],
  [
    "a wait longer than the grace",
    "terminationGracePeriodSeconds: 40",
    "terminationGracePeriodSeconds: 10",
    [/^SM47 warning .*killed after 10 s/],
  ],
  ["no wait", / {10}lifecycle: .*\n/, "", [/^SM47 note .*preStop/]],
  ["the wait of newer clusters", "exec: { command: [sh, -c, sleep 10] }", "sleep: { seconds: 5 }", []],
  // SM48
  ["no encryption", / {2}tls: .*\n/, "", [/^SM48 warning .*unencrypted/]],
  [
    "encryption at the load balancer",
    /metadata: \{ name: api \}\nspec:\n {2}ingressClassName: nginx\n {2}tls: .*\n/,
    'metadata: { name: api, annotations: { alb.ingress.kubernetes.io/certificate-arn: "arn:x" } }\nspec:\n  ingressClassName: alb\n',
    [],
  ],
  ["nobody serves it", "  ingressClassName: nginx\n", "", [/^SM48 note .*ingressClassName/]],
  [
    "a version that is gone",
    "networking.k8s.io/v1\nkind: Ingress",
    "networking.k8s.io/v1beta1\nkind: Ingress",
    [/^SM48 error .*1\.22/],
  ],
  ["no usual labels", /app\.kubernetes\.io\/name/g, "app", [/^SM48 note .*app\.kubernetes\.io\/name/]],
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
