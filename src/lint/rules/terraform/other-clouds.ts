import { AZURE_CHECKS } from "./azure.ts";
import { GOOGLE_CHECKS } from "./google.ts";
import { resourceRule } from "./rules.ts";

/** SM58 */
export const otherClouds = resourceRule(
  {
    id: "SM58",
    title: "the same on Google Cloud and Azure",
    help: "Private databases, TLS 1.2, audit logs, roles of single services instead of owner and editor, identities instead of keys.",
    severity: "warning",
    origins: [
      "CKV_GCP_6",
      "CKV_GCP_11",
      "CKV_GCP_14",
      "CKV_GCP_29",
      "CKV_GCP_60",
      "CKV_GCP_114",
      "CKV_GCP_117",
      "CKV_AZURE_44",
      "CKV_AZURE_137",
      "CKV_AZURE_148",
      "CKV_AZURE_190",
    ],
  },
  { ...GOOGLE_CHECKS, ...AZURE_CHECKS },
);
