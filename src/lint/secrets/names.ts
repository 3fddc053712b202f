const SECRET =
  /passw(?:or)?d|passwd|passphrase|pwd|secret|token|api_?key|access_?key|private_?key|signing_?key|encryption_?key|master_?key|auth_?key|service_?key|credential|database_key/;
/** Names of things around a secret: where it lies, what it is called, how long it lives. */
const ABOUT =
  /(?:_|^)(?:name|names|id|ids|url|uri|urls|endpoint|host|path|paths|file|files|dir|field|label|placeholder|type|types|length|size|count|limit|limits|expiry|expires|expiration|ttl|lifetime|age|timeout|policy|header|prefix|suffix|arn|ref|class|hint|error|message|text|title|regex|pattern|format|algorithm|alg|version|enabled|required|max|min|budget|usage|audience|issuer|scope|scopes|method|provider|rotation|strength|reset|confirm|confirmation|symbol|mint|address|contract)$|^(?:no|allow|enable|disable|skip|with|without|ignore|require|check|random|has|is|use|show|hide|forgot|reset|change|max|min|num|total)_|public|publishable|csrf|xsrf|tokenizer|tokens$|anon|site_?key|sitekey|token_?uri|password_?hash|encryption$/;

/** `apiKey`, `API-KEY` and `api.key` as `api_key`. */
export function plainName(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .replace(/[-. ]/g, "_")
    .toLowerCase();
}

/** Whether a variable, key or setting of this name holds a secret; false for those that only speak of one. */
export function isSecretName(name: string): boolean {
  const plain = plainName(name);
  return SECRET.test(plain) && !ABOUT.test(plain) && !isPublicName(name);
}

/** Whether a build writes the variable into pages that everybody can read. */
export function isPublicName(name: string): boolean {
  return /^(?:NEXT_PUBLIC_|VITE_|REACT_APP_|PUBLIC_|NUXT_PUBLIC_|EXPO_PUBLIC_|GATSBY_|VUE_APP_|NG_APP_)/.test(name);
}
