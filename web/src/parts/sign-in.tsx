import type { FormEvent } from "react";
import { useState } from "react";
import { signIn, token } from "../api/session.ts";

/** Asks for the access token when the server wants one. The token stays in this browser tab. */
export function SignIn() {
  const [value, setValue] = useState("");
  const refused = token.get() !== null;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (value.trim()) signIn(value.trim());
  }

  return (
    <main id="main" className="sign-in" tabIndex={-1}>
      <h1>Sign in</h1>
      <p>This dashboard is protected by an access token. Whoever runs Stationmaster can tell you which.</p>
      <form onSubmit={submit}>
        <label className="field">
          <span>Access token</span>
          <input
            type="password"
            autoComplete="current-password"
            value={value}
            aria-invalid={refused}
            aria-describedby={refused ? "refused" : undefined}
            onChange={(event) => setValue(event.target.value)}
          />
        </label>
        {refused && (
          <p id="refused" className="problem" role="alert">
            The token was not accepted. Check for missing characters and try again.
          </p>
        )}
        <button type="submit" className="button primary">
          Sign in
        </button>
      </form>
    </main>
  );
}
