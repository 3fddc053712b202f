-- The issue on GitHub of an action item, or of a weekly audit.
CREATE TABLE report_issue (
  app text NOT NULL,
  environment text NOT NULL,
  -- The id of an action item, or `audit:` with its week.
  subject text NOT NULL,
  repository text NOT NULL,
  number integer NOT NULL CHECK (number > 0),
  url text NOT NULL,
  text_hash text NOT NULL,
  looked_at timestamptz NOT NULL,
  -- Nothing of it changes any more.
  settled boolean NOT NULL,
  PRIMARY KEY (app, environment, subject)
);
--> statement-breakpoint
-- What registries answered last about watched names; `domain` is the part of the name that is registered.
CREATE TABLE domain_end (
  name text PRIMARY KEY,
  domain text,
  ends_at timestamptz,
  asked_at timestamptz NOT NULL
);
