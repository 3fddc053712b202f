const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Files that say how the services are run, for each five: a Dockerfile, a deployment, a service, a module of Terraform, a pipeline. */
const FILES_EACH = 5;

/** A repository with about so many infrastructure files, one Compose file over all services, and ten files of code beside each service. */
export function infrastructure(files: number): Record<string, string> {
  const services = Math.floor(files / FILES_EACH);
  const all: Record<string, string> = {
    "package.json": json({ name: "fleet", private: true, workspaces: ["services/*"] }),
    "package-lock.json": json({ name: "fleet", lockfileVersion: 3, packages: {} }),
    ".dockerignore": "node_modules\n.git\n*.log\n",
    "compose.yaml": compose(services),
  };
  for (let at = 0; at < services; at += 1) addService(all, `part-${at}`, 8_000 + at);
  return all;
}

function addService(all: Record<string, string>, name: string, port: number): void {
  const folder = `services/${name}`;
  all[`${folder}/package.json`] = json({
    name: `@fleet/${name}`,
    version: "1.0.0",
    engines: { node: ">=22" },
    scripts: { start: "node server.js" },
    dependencies: { express: "5.0.0", pg: "8.0.0" },
  });
  all[`${folder}/server.js`] =
    `import express from "express";\n\nconst app = express();\napp.get("/healthz", (request, response) => response.end());\napp.listen(process.env.PORT ?? ${port});\nprocess.on("SIGTERM", () => process.exit(0));\n`;
  for (let part = 0; part < 10; part += 1)
    all[`${folder}/lib/part-${part}.js`] = `export const part${part} = () => process.env.PART_${part};\n`;
  all[`${folder}/Dockerfile`] =
    `FROM node:22.11.0-alpine\nWORKDIR /app\nCOPY package.json package-lock.json ./\nCOPY ${folder}/package.json ${folder}/\nRUN npm ci --omit=dev --workspace @fleet/${name}\nCOPY ${folder}/ ${folder}/\nUSER node\nEXPOSE ${port}\nHEALTHCHECK CMD wget -qO- http://localhost:${port}/healthz\nCMD ["node", "${folder}/server.js"]\n`;
  all[`deploy/k8s/${name}/deployment.yaml`] = deployment(name, port);
  all[`deploy/k8s/${name}/service.yaml`] =
    `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  selector:\n    app: ${name}\n  ports:\n    - port: 80\n      targetPort: ${port}\n`;
  all[`deploy/terraform/${name}/main.tf`] =
    `terraform {\n  required_version = ">= 1.9"\n}\n\nresource "aws_s3_bucket" "files" {\n  bucket = "fleet-${name}"\n}\n\nresource "aws_s3_bucket_public_access_block" "files" {\n  bucket                  = aws_s3_bucket.files.id\n  block_public_acls       = true\n  block_public_policy     = true\n  ignore_public_acls      = true\n  restrict_public_buckets = true\n}\n`;
  all[`.github/workflows/${name}.yml`] =
    `name: ${name}\non:\n  push:\n    branches: [main]\n    paths: ["${folder}/**"]\npermissions:\n  contents: read\njobs:\n  image:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 10\n    steps:\n      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683\n      - run: docker build -f ${folder}/Dockerfile -t fleet/${name}:\${{ github.sha }} .\n`;
}

function deployment(name: string, port: number): string {
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n  replicas: 2\n  selector:\n    matchLabels:\n      app: ${name}\n  template:\n    metadata:\n      labels:\n        app: ${name}\n    spec:\n      containers:\n        - name: ${name}\n          image: registry.example.com/fleet/${name}:1.0.0\n          ports:\n            - containerPort: ${port}\n          env:\n            - name: PORT\n              value: "${port}"\n          readinessProbe:\n            httpGet:\n              path: /healthz\n              port: ${port}\n          resources:\n            requests:\n              cpu: 50m\n              memory: 64Mi\n            limits:\n              memory: 128Mi\n`;
}

function compose(services: number): string {
  const one = (at: number) =>
    `  part-${at}:\n    build:\n      context: .\n      dockerfile: services/part-${at}/Dockerfile\n    environment:\n      PORT: "${8_000 + at}"\n      DATABASE_URL: postgres://app@database:5432/app\n    depends_on: [database]\n    restart: unless-stopped\n`;
  return `services:\n  database:\n    image: postgres:17.2-alpine\n    environment:\n      POSTGRES_PASSWORD: \${POSTGRES_PASSWORD:?}\n    volumes:\n      - data:/var/lib/postgresql/data\n${Array.from({ length: services }, (_, at) => one(at)).join("")}volumes:\n  data:\n`;
}
