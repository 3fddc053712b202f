import { describe, expect, test } from "vitest";
import { kubernetesSchema } from "../../validators/kubernetes.ts";
import { judge, validated } from "../testing.ts";
import { KUBERNETES_RULES } from "./index.ts";

const PATH = "deploy/k8s/base/api.yaml";

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  labels: { app.kubernetes.io/name: api }
spec:
  selector:
    matchLabels: { app.kubernetes.io/name: api }
  strategy:
    rollingUpdate: { maxUnavailable: 0, maxSurge: 1 }
  template:
    metadata:
      labels: { app.kubernetes.io/name: api }
    spec:
      serviceAccountName: api
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 40
      securityContext:
        runAsNonRoot: true
        runAsUser: 10001
        seccompProfile: { type: RuntimeDefault }
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector: { matchLabels: { app.kubernetes.io/name: api } }
      containers:
        - name: api
          image: ghcr.io/acme/api:1.4.2
          ports: [{ name: http, containerPort: 8080 }]
          env:
            - name: DATABASE_PASSWORD
              valueFrom: { secretKeyRef: { name: api, key: database-password } }
          resources:
            requests: { cpu: 100m, memory: 0.25Gi }
            limits: { memory: 256Mi }
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
          readinessProbe: { httpGet: { path: /readyz, port: http } }
          livenessProbe: { httpGet: { path: /healthz, port: http } }
          startupProbe: { httpGet: { path: /healthz, port: 8080 } }
          lifecycle: { preStop: { exec: { command: [sh, -c, sleep 10] } } }
          volumeMounts: [{ name: tmp, mountPath: /tmp }]
      volumes:
        - name: tmp
          emptyDir: {}
`;

const REST = `---
apiVersion: v1
kind: Service
metadata: { name: api }
spec:
  selector: { app.kubernetes.io/name: api }
  ports: [{ name: http, port: 80, targetPort: http }]
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: api }
automountServiceAccountToken: false
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: api }
spec:
  minReplicas: 2
  maxReplicas: 10
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: api }
  metrics:
    - type: Resource
      resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: api }
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector: { matchLabels: { app.kubernetes.io/name: api } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny }
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: api } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress } } }]
      ports: [{ port: http }]
  egress:
    - to: [{ namespaceSelector: {} }]
      ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: api }
spec:
  ingressClassName: nginx
  tls: [{ hosts: [api.example.org], secretName: api-tls }]
  rules:
    - host: api.example.org
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: api, port: { name: http } } } }
`;

const CLEAN = DEPLOYMENT + REST;

const JOB = `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate-7
  labels: { app.kubernetes.io/name: api-migrate }
spec:
  ttlSecondsAfterFinished: 3600
  template:
    metadata:
      labels: { app.kubernetes.io/name: api-migrate }
    spec:
      restartPolicy: Never
      serviceAccountName: api
      automountServiceAccountToken: false
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: migrate
          image: ghcr.io/acme/api@sha256:4327b9fd295502f326f44153a1045a7170ddbfffed1c3829798328556cfd09e2
          resources: { requests: { cpu: 100m, memory: 128Mi }, limits: { memory: 128Mi } }
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: migrate }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: api-migrate } }
  policyTypes: [Egress]
  egress: [{ ports: [{ port: 53, protocol: UDP }, { port: 5432 }] }]
`;

describe("sound manifests", () => {
  test("an application with all that belongs to it", async () => {
    const files = { [PATH]: CLEAN, "deploy/k8s/base/migrate.yaml": JOB };
    expect(judge(KUBERNETES_RULES, files)).toEqual([]);
    expect(await validated(kubernetesSchema, files)).toEqual([]);
  });

  test("parts of it in several files of a kustomization, with patches", async () => {
    const [first = "", ...others] = CLEAN.split("---\n");
    const files = {
      "deploy/k8s/base/kustomization.yaml": "resources: [deployment.yaml, rest.yaml]\n",
      "deploy/k8s/base/deployment.yaml": first,
      "deploy/k8s/base/rest.yaml": others.join("---\n"),
      "deploy/k8s/overlays/production/kustomization.yaml":
        "resources: [../../base]\nnamespace: production\npatches:\n  - path: memory.yaml\n  - path: ./json.yaml\n    target: { kind: Deployment }\npatchesStrategicMerge: [env.yaml]\n",
      "deploy/k8s/overlays/production/memory.yaml":
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\nspec:\n  template:\n    spec:\n      containers: [{ name: api, resources: { limits: { memory: 1Gi } } }]\n",
      "deploy/k8s/overlays/production/env.yaml":
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\nspec:\n  replicas: 4\n  template:\n    spec:\n      containers: [{ name: api, env: [{ name: MODE, value: production }] }]\n",
    };
    expect(judge(KUBERNETES_RULES, files)).toEqual([]);
    expect(await validated(kubernetesSchema, files)).toEqual([]);
  });

  test("a service of its own without pods in the tree: they may come from a chart", () => {
    const files = {
      [PATH]:
        "apiVersion: v1\nkind: Service\nmetadata: { name: db }\nspec: { selector: { cnpg.io/cluster: db }, ports: [{ port: 5432 }] }\n",
    };
    expect(judge(KUBERNETES_RULES, files)).toEqual([]);
  });

  test("kinds of others are not judged", async () => {
    const files = {
      [PATH]:
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: x }\nspec: { template: { spec: { containers: [{ name: a, image: a }] } } }\n---\napiVersion: tekton.dev/v1\nkind: Job\nspec: 3\n",
    };
    expect(judge(KUBERNETES_RULES, files)).toEqual([]);
    expect(await validated(kubernetesSchema, files)).toEqual([]);
  });
});

type Case = readonly [name: string, from: string | RegExp, to: string, told: readonly RegExp[]];
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

const BARE = `apiVersion: apps/v1
kind: Deployment
metadata: { name: worker }
spec:
  selector: { matchLabels: { app: worker } }
  template:
    metadata: { labels: { app: worker } }
    spec: { containers: [{ name: worker, image: "acme/worker:1" }] }
`;

test("a bare manifest gets each complaint once", () => {
  const found = judge(KUBERNETES_RULES, { "worker.yaml": BARE });
  expect(found.map((line) => line.slice(0, 12))).toEqual([
    "SM32 warning",
    "SM33 warning",
    "SM34 warning",
    "SM35 warning",
    "SM36 warning",
    "SM37 warning",
    "SM38 warning",
    "SM38 warning",
    "SM40 warning",
    "SM44 note wo",
    "SM48 note wo",
  ]);
});

test.each([
  [
    "files of its own",
    BARE.replace("containers:", "volumes: [{ name: d, persistentVolumeClaim: { claimName: d } }], containers:"),
  ],
  ["a leader", BARE.replace('"acme/worker:1"', '"acme/worker:1", args: [--leader-elect]')],
  ["recreated", BARE.replace("spec:\n  sel", "spec:\n  strategy: { type: Recreate }\n  sel")],
  ["scaled to nothing", BARE.replace("spec:\n  sel", "spec:\n  replicas: 0\n  sel")],
])("one pod is right: %s", (_, text) => {
  expect(judge(KUBERNETES_RULES, { "worker.yaml": text }).filter((line) => line.startsWith("SM40"))).toEqual([]);
});

test("a kustomization gives counts, tags and labels", () => {
  const found = judge(KUBERNETES_RULES, {
    "base/worker.yaml": BARE.replace("acme/worker:1", "acme/worker"),
    "base/Kustomization":
      "images: [{ name: acme/worker, newTag: '7' }]\nreplicas: [{ name: worker, count: 3 }]\nlabels: [{ pairs: { app.kubernetes.io/name: w } }]\n",
  });
  expect(found.filter((line) => /^SM4[06] |^SM48/.test(line))).toEqual([
    expect.stringMatching(/^SM40 warning .*one node/),
  ]);
});

test("Windows has neither users with numbers nor system calls", () => {
  const text = BARE.replace("containers:", "nodeSelector: { kubernetes.io/os: windows }, containers:");
  expect(judge(KUBERNETES_RULES, { "worker.yaml": text }).filter((line) => /^SM3[2-6]/.test(line))).toEqual([]);
});

test.each([
  ["plain", "stringData:\n  api-token: Zx81kQpL0vB7tR2m\n", 1],
  ["base64", `data:\n  password: ${Buffer.from("Zx81kQpL0vB7tR2m").toString("base64")}\n`, 1],
  ["placeholders", "stringData:\n  password: changeme\n  token: ${TOKEN}\n", 0],
  ["sealed by SOPS", "stringData:\n  password: ENC[AES256_GCM,data:x]\nsops: { mac: x }\n", 0],
  ["a certificate's file name", "stringData:\n  tls.crt: x\n", 0],
])("values of a Secret: %s", (_, lines, count) => {
  const text = `apiVersion: v1\nkind: Secret\nmetadata: { name: s }\n${lines}`;
  expect(judge(KUBERNETES_RULES, { "s.yaml": text })).toHaveLength(count);
});

test("a Job that stays", () => {
  expect(judge(KUBERNETES_RULES, { "j.yaml": JOB.replace("  ttlSecondsAfterFinished: 3600\n", "") })).toEqual([
    expect.stringMatching(/^SM47 note .*ttlSecondsAfterFinished/),
  ]);
});

test("objects of a List have their places", () => {
  const text = `apiVersion: v1\nkind: List\nitems:\n  - ${BARE.replace("worker:1", "worker").trimEnd().replaceAll("\n", "\n    ")}\n`;
  expect(judge(KUBERNETES_RULES, { "l.yaml": text })).toContainEqual(
    expect.stringMatching(/^SM46 warning l\.yaml:11 acme\/worker is/),
  );
});

describe("schemas", () => {
  test.each([
    [
      "a count as text",
      "spec:\n  selector:",
      'spec:\n  replicas: "3"\n  selector:',
      /:7 spec\.replicas must be integer/,
    ],
    ["a number as variable", /valueFrom: .*/, "value: 3", /:33 .*env\.0\.value must be string/],
    ["a missing part", "pathType: Prefix, ", "", /must have required property pathType/],
    [
      "a word that is none",
      "automountServiceAccountToken: false\n---",
      "automountServiceAccountToken: nope\n---",
      /must be boolean/,
    ],
    [
      "one of several words",
      "apiVersion: v1\nkind: Service\nmetadata: { name: api }\nspec:",
      "apiVersion: v1\nkind: Service\nmetadata: { name: api }\nspec:\n  type: Clusterip",
      /allowed values: ClusterIP, ExternalName/,
    ],
  ])("%s", async (_, from, to, told) => {
    const found = await validated(kubernetesSchema, { [PATH]: CLEAN.replace(from, to) });
    expect(found).toEqual([expect.stringMatching(told)]);
    expect(found[0]).toMatch(/^kubernetes-schema error/);
  });

  test("a file that is no YAML is told, a template is not", async () => {
    const broken = "apiVersion: v1\nkind: Service\nmetadata: { name: a\n";
    expect(await validated(kubernetesSchema, { "a.yaml": broken })).toEqual([expect.stringMatching(/no YAML/)]);
    const template = "apiVersion: v1\nkind: Service\nmetadata: {{ .Values.x }}\n  {{- if }}\n";
    expect(await validated(kubernetesSchema, { "t.yaml": template })).toEqual([]);
  });
});

test.each([
  "apiVersion: v1\nkind: Pod\n",
  "apiVersion: apps/v1\nkind: Deployment\nspec: 3\n",
  "apiVersion: apps/v1\nkind: Deployment\nspec: { template: { spec: { containers: [1, null, { env: 3, ports: x, resources: [] }] } } }\n",
  "apiVersion: v1\nkind: List\nitems: [1, { apiVersion: v1, kind: List, items: [] }]\n",
  "apiVersion: v1\nkind: Service\nspec: { selector: { a: b }, ports: 3 }\n---\n- 1\n---\n",
  "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec: { egress: [1], ingress: [null] }\n",
  "apiVersion: policy/v1\nkind: PodDisruptionBudget\nspec: { minAvailable: [] }\n",
  "apiVersion: ../../x\nkind: constructor\n",
  "apiVersion: v1\nkind: Pod\nspec: &a { containers: [*a] }\n",
])("garbage %j never throws", async (text) => {
  const files = { "x.yaml": text, "kustomization.yaml": "patches: 3\nresources: [1]\nimages: x\n" };
  expect(() => judge(KUBERNETES_RULES, files)).not.toThrow();
  await expect(validated(kubernetesSchema, files)).resolves.toBeInstanceOf(Array);
});
