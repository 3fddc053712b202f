import type { Delivery } from "../../pipeline/release.ts";

/** Exchanges the identity of the job for a short-lived one of the cloud; nothing is stored anywhere. */
export const LOGINS: Record<NonNullable<Delivery["login"]>, string> = {
  aws: `token=$(curl --fail --silent --show-error --header "Authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \\
  "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sts.amazonaws.com" | jq -er .value)
aws sts assume-role-with-web-identity --role-arn "$AWS_ROLE_ARN" --role-session-name "run-$GITHUB_RUN_ID" \\
  --web-identity-token "$token" --duration-seconds 3600 --query Credentials --output json > "$WORK/credentials.json"
read_one() { jq -er ".$1" "$WORK/credentials.json"; }
for name in AccessKeyId SecretAccessKey SessionToken; do echo "::add-mask::$(read_one "$name")"; done
{
  echo "AWS_ACCESS_KEY_ID=$(read_one AccessKeyId)"
  echo "AWS_SECRET_ACCESS_KEY=$(read_one SecretAccessKey)"
  echo "AWS_SESSION_TOKEN=$(read_one SessionToken)"
  echo "AWS_REGION=$AWS_REGION"
} >> "$GITHUB_ENV"
rm "$WORK/credentials.json"`,
  gcp: `gcloud iam workload-identity-pools create-cred-config "$GCP_WORKLOAD_PROVIDER" \\
  --service-account "$GCP_SERVICE_ACCOUNT" \\
  --credential-source-url "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=https://iam.googleapis.com/$GCP_WORKLOAD_PROVIDER" \\
  --credential-source-headers "Authorization=Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \\
  --credential-source-type json --credential-source-field-name value --output-file "$WORK/gcp.json"
gcloud auth login --brief --cred-file "$WORK/gcp.json"`,
  azure: `token=$(curl --fail --silent --show-error --header "Authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \\
  "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=api://AzureADTokenExchange" | jq -er .value)
echo "::add-mask::$token"
az login --service-principal --username "$AZURE_CLIENT_ID" --tenant "$AZURE_TENANT_ID" \\
  --federated-token "$token" --output none
az account set --subscription "$AZURE_SUBSCRIPTION_ID"`,
};
