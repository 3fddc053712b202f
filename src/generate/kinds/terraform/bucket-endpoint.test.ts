import { expect, test } from "vitest";
import type { Plan, PlannedVariable } from "../../plan.ts";
import { service, variable } from "../../testing.ts";
import { terraform } from "./kind.ts";
import { cloudPlan } from "./testing.ts";

const stores: Plan["stores"] = [
  { name: "storage", kind: "s3", version: null, variables: ["UPLOADS_BUCKET"], extensions: [] },
];

/** The file of a service that keeps files in a bucket. */
function serviceText(cloud: Plan["cloud"]["provider"], env: PlannedVariable[]): string {
  const services = [
    service("api", { stores: ["storage"], env: [variable("UPLOADS_BUCKET", { store: "storage" }), ...env] }),
  ];
  const files = terraform.render(cloudPlan(cloud, { services, stores }));
  return files.find(({ path }) => path.endsWith("service-api.tf"))?.text ?? "";
}

const keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map((name) => variable(name, { class: "secret" }));

test("Google Cloud: a client of S3 that asks nobody is told where the bucket is", () => {
  const text = serviceText("gcp", keys);
  expect(text).toMatch(/UPLOADS_BUCKET +=/);
  expect(text).toMatch(/AWS_ENDPOINT_URL_S3 += "https:\/\/storage\.googleapis\.com"/);
  expect(text).toMatch(/AWS_REQUEST_CHECKSUM_CALCULATION += "WHEN_REQUIRED"/);
});

test("code that asks for the address gets it, and nobody else does", () => {
  const endpoint = variable("S3_ENDPOINT");
  expect(serviceText("gcp", [endpoint, ...keys])).toMatch(/S3_ENDPOINT += "https:\/\/storage\.googleapis\.com"/);
  expect(serviceText("gcp", [endpoint, ...keys])).not.toContain("AWS_ENDPOINT_URL_S3");
  expect(serviceText("aws", [endpoint])).toMatch(/S3_ENDPOINT += "https:\/\/s3\.\$\{var\.region\}\.amazonaws\.com"/);
  expect(serviceText("aws", [{ ...endpoint, required: false }])).not.toContain("S3_ENDPOINT");
  expect(serviceText("aws", keys)).not.toMatch(/ENDPOINT|ACCESS_KEY/);
  expect(serviceText("azure", [...keys])).not.toContain("storage.googleapis");
});

test("AWS: roles go to tasks only, and the clock may tag what it starts", () => {
  const clock = service("api", { crons: [{ name: "clean", schedule: "0 3 * * *", command: "node clean.js" }] });
  const files = terraform.render(cloudPlan("aws", { services: [clock], stores: [] }));
  const text = files.map((file) => file.text).join("\n");
  const passes = text.split(/\n {2}statement \{/).filter((statement) => statement.includes('"iam:PassRole"'));
  expect(passes).toHaveLength(2);
  for (const statement of passes)
    expect(statement.split("\n  }\n")[0]).toMatch(/"iam:PassedToService"\s+values += \["ecs-tasks\.amazonaws\.com"\]/);
  expect(text).toMatch(/actions += \["ecs:TagResource"\][\s\S]{1,400}"ecs:CreateAction"\s+values += \["RunTask"\]/);
});

test.each(["aws", "gcp", "azure"] as const)(
  "%s: one number gives databases new passwords, everywhere they are kept",
  (cloud) => {
    const text = terraform
      .render(cloudPlan(cloud, {}))
      .map((file) => file.text)
      .join("\n");
    // The database, where its password is kept, and the address that the service reads.
    expect(text.match(/_wo_version += var\.password_version/g)).toHaveLength(3);
    const none = terraform.render(cloudPlan(cloud, { services: [service("api")], stores: [] }));
    expect(none.map((file) => file.text).join("\n")).not.toContain("password_version");
  },
);
