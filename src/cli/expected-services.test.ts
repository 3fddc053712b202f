import { expect, it } from "vitest";
import { memoryFiles } from "../scan/files.ts";
import { scan } from "../scan/scan.ts";
import { expectedServices } from "./expected-services.ts";

it("tells rules which metrics the code of a service makes", () => {
  const report = scan(
    memoryFiles({
      "package.json":
        '{"name":"shop","scripts":{"start":"node server.js"},"dependencies":{"express":"5.0.0","prom-client":"15.1.3"}}',
      "server.js":
        'const client = require("prom-client");\nnew client.Counter({ name: "shop_orders_total", help: "orders" });\nrequire("express")().listen(3000);\n',
    }),
  );
  expect(expectedServices(report)).toEqual([expect.objectContaining({ name: "shop", metrics: ["shop_orders_total"] })]);
});
