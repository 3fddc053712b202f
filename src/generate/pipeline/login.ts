import type { Delivery } from "./release.ts";

/** What the token of the job is made for. */
export const AUDIENCES: Record<NonNullable<Delivery["login"]>, string> = {
  aws: "sts.amazonaws.com",
  gcp: "https://iam.googleapis.com",
  azure: "api://AzureADTokenExchange",
};

/** Exchanges CLOUD_TOKEN, the identity of the job, for a short-lived one of the cloud, in this shell. */
export const TOKEN_LOGINS: Record<NonNullable<Delivery["login"]>, string> = {
  aws: `credentials=$(aws sts assume-role-with-web-identity --role-arn "$AWS_ROLE_ARN" --role-session-name pipeline \\
  --web-identity-token "$CLOUD_TOKEN" --duration-seconds 3600 --query Credentials --output json)
AWS_ACCESS_KEY_ID=$(printf '%s' "$credentials" | jq -er .AccessKeyId)
AWS_SECRET_ACCESS_KEY=$(printf '%s' "$credentials" | jq -er .SecretAccessKey)
AWS_SESSION_TOKEN=$(printf '%s' "$credentials" | jq -er .SessionToken)
export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_REGION`,
  gcp: `printf '%s' "$CLOUD_TOKEN" > "$WORK/token"
gcloud iam workload-identity-pools create-cred-config "$GCP_WORKLOAD_PROVIDER" \\
  --service-account "$GCP_SERVICE_ACCOUNT" --credential-source-file "$WORK/token" --output-file "$WORK/gcp.json"
gcloud auth login --brief --cred-file "$WORK/gcp.json"`,
  azure: `az login --service-principal --username "$AZURE_CLIENT_ID" --tenant "$AZURE_TENANT_ID" \\
  --federated-token "$CLOUD_TOKEN" --output none
az account set --subscription "$AZURE_SUBSCRIPTION_ID"`,
};
