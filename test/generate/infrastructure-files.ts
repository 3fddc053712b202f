/** A file of each kind that says how an application runs, as people write them: seeds of `mutations.test.ts`. */
export const INFRASTRUCTURE_FILES: Readonly<Record<string, string>> = {
  Dockerfile: `# syntax=docker/dockerfile:1
ARG NODE=20
FROM node:\${NODE}-alpine AS build
WORKDIR /app
COPY package*.json ./
RUN --mount=type=cache,target=/app/.npm npm ci && \\
    npm run build
COPY <<EOF /etc/a
hello
EOF
FROM node:20-alpine
ENV NODE_ENV=production PORT=3000
COPY --from=build --chown=1000:1000 /app/dist ./dist
EXPOSE 3000/tcp
USER 1000
HEALTHCHECK --interval=5s CMD wget -qO- http://localhost:3000/health || exit 1
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["node", "dist/server.js"]
`,
  "compose.yaml": `name: shop
x-common: &common
  restart: unless-stopped
services:
  web:
    <<: *common
    build:
      context: .
      dockerfile: Dockerfile
      target: build
    ports: ["127.0.0.1:\${PORT:-3000}:3000", { target: 80, published: 8080 }]
    environment:
      - DATABASE_URL=postgres://a:b@db/c
      - KEY
    env_file: [.env]
    depends_on: { db: { condition: service_healthy } }
    healthcheck: { test: ["CMD", "curl", "-f", "http://localhost:3000/health"], interval: 10s }
    deploy: { replicas: 2, resources: { limits: { memory: 512M } } }
  db:
    image: postgres:16
    volumes: [data:/var/lib/postgresql/data]
volumes:
  data:
`,
  Procfile: `web: gunicorn app:app --bind 0.0.0.0:$PORT
worker: celery -A shop worker
release: python manage.py migrate
`,
  "fly.toml": `app = "shop"
primary_region = "fra"
[build]
  dockerfile = "Dockerfile"
[env]
  PORT = "8080"
[http_service]
  internal_port = 8080
[[http_service.checks]]
  path = "/health"
[processes]
  app = "node server.js"
[mounts]
  source = "data"
  destination = "/data"
[deploy]
  release_command = "npx prisma migrate deploy"
`,
  "railway.json": `{ "$schema": "https://railway.app/railway.schema.json", "build": { "builder": "NIXPACKS", "buildCommand": "npm run build" }, "deploy": { "startCommand": "node server.js", "healthcheckPath": "/health", "healthcheckTimeout": "300", "restartPolicyType": "ON_FAILURE", "cronSchedule": "0 * * * *" }, "environments": { "pr": { "deploy": { "numReplicas": 1 } } } }`,
  "vercel.json": `{ "framework": "nextjs", "buildCommand": "next build", "outputDirectory": ".next", "functions": { "api/*.ts": { "maxDuration": 30 } }, "crons": [{ "path": "/api/cron", "schedule": "0 5 * * *" }], "rewrites": [{ "source": "/(.*)", "destination": "/" }] }`,
  "render.yaml": `services:
  - type: web
    name: api
    runtime: node
    buildCommand: npm ci
    startCommand: npm start
    healthCheckPath: /health
    envVars:
      - key: DATABASE_URL
        fromDatabase: { name: db, property: connectionString }
  - type: cron
    name: nightly
    schedule: "0 1 * * *"
databases:
  - name: db
`,
  "app.json": `{ "name": "shop", "env": { "SECRET": { "generator": "secret" }, "A": "b" }, "formation": { "web": { "quantity": 1 } }, "addons": ["heroku-postgresql:mini", { "plan": "heroku-redis" }], "buildpacks": [{ "url": "heroku/nodejs" }] }`,
  "serverless.yml": `service: shop
provider:
  name: aws
  runtime: nodejs20.x
  environment:
    A: \${env:A}
functions:
  hello:
    handler: src/h.main
    events:
      - httpApi: GET /x
      - schedule: rate(1 hour)
`,
  "main.tf": `terraform {
  required_version = ">= 1.6"
  required_providers { aws = { source = "hashicorp/aws", version = "~> 5.0" } }
}
variable "region" { type = string }
resource "aws_s3_bucket" "b" {
  bucket = "x-\${var.region}"
  tags = { for k, v in local.t : k => v }
}
resource "aws_db_instance" "db" { engine = "postgres" storage_encrypted = true }
`,
  "templates/deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "shop.fullname" . }}
spec:
  replicas: {{ .Values.replicaCount }}
  template:
    spec:
      containers:
        - name: app
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          {{- with .Values.resources }}
          resources: {{ toYaml . | nindent 12 }}
          {{- end }}
`,
  "k8s/deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: { name: api, labels: { app: api } }
spec:
  replicas: 2
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec:
      containers:
        - name: api
          image: shop:1.0
          ports: [{ containerPort: 8080, name: http }]
          env: [{ name: DATABASE_URL, valueFrom: { secretKeyRef: { name: s, key: k } } }, { name: A, value: "1" }]
          readinessProbe: { httpGet: { path: /ready, port: http } }
          livenessProbe: { httpGet: { path: /live, port: 8080 } }
---
apiVersion: v1
kind: Service
metadata: { name: api }
spec: { selector: { app: api }, ports: [{ port: 80, targetPort: http }] }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: api }
spec: { minReplicas: 2, maxReplicas: 5, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: api } }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: api }
spec: { rules: [{ host: a.b, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: api, port: { number: 80 } } } }] } }] }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: api }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: api } } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api }
spec: { podSelector: {}, policyTypes: [Ingress, Egress], egress: [{ ports: [{ port: 53, protocol: UDP }] }] }
`,
  ".github/workflows/ci.yml": `name: ci
on:
  push: { branches: [main] }
  pull_request:
permissions:
  contents: read
concurrency: { group: "\${{ github.ref }}", cancel-in-progress: true }
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    services:
      db: { image: postgres:16, env: { POSTGRES_PASSWORD: x }, ports: ["5432:5432"] }
    strategy: { matrix: { node: [18, 20] } }
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: "\${{ matrix.node }}", cache: npm }
      - run: npm ci
      - run: echo "\${{ github.event.pull_request.title }}"
        if: \${{ github.event_name == 'push' }}
  deploy:
    needs: test
    uses: ./.github/workflows/d.yml
    secrets: inherit
`,
  ".gitlab-ci.yml": `stages: [test, deploy]
default: { image: "node:20" }
include: [{ local: a.yml }]
.base: &base { tags: [x] }
test:
  <<: *base
  stage: test
  script: [npm ci, npm test]
  rules: [{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }]
deploy:
  stage: deploy
  script: ./deploy.sh
  environment: { name: production, url: https://a.b }
  only: [main]
`,
  Jenkinsfile: `pipeline {
  agent any
  options { timeout(time: 1, unit: 'HOURS') }
  environment { KEY = credentials('key') }
  stages {
    stage('Test') { steps { sh "npm test \${KEY}" } }
  }
  post { always { junit 'r.xml' } }
}
`,
  "prometheus/rules.yml": `groups:
  - name: a
    rules:
      - alert: Down
        expr: up{job="a"} == 0
        for: 5m
        labels: { severity: critical }
        annotations: { summary: "{{ $labels.instance }} down", runbook_url: https://a/b }
      - record: a:b
        expr: sum by (x) (rate(http_requests_total[5m]))
`,
  "dashboard.json": `{ "schemaVersion": 39, "uid": "a", "title": "A", "templating": { "list": [{ "type": "datasource", "name": "ds", "query": "prometheus" }] }, "panels": [{ "id": 1, "type": "timeseries", "title": "x", "gridPos": { "x": 0, "y": 0, "w": 12, "h": 8 }, "datasource": { "uid": "\${ds}" }, "targets": [{ "expr": "up", "refId": "A" }] }] }`,
  "nginx.conf": `server { listen 8080; location / { proxy_pass http://api:3000; } }
`,
};
