-- Rollouts on real hosts: analysis, migrations of the application's schema, approvals, freezes, previews.
CREATE TABLE analysis (
  rollout_id text NOT NULL REFERENCES rollout (id),
  service text NOT NULL,
  metric text NOT NULL,
  candidate_requests bigint NOT NULL DEFAULT 0,
  candidate_bad bigint NOT NULL DEFAULT 0,
  baseline_requests bigint NOT NULL DEFAULT 0,
  baseline_bad bigint NOT NULL DEFAULT 0,
  sums float8[] NOT NULL,
  state jsonb NOT NULL DEFAULT '{}',
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (rollout_id, service, metric)
);
--> statement-breakpoint
CREATE TABLE migration_run (
  app text NOT NULL,
  env text NOT NULL,
  service text NOT NULL,
  id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('expand', 'backfill', 'contract')),
  tool text NOT NULL,
  position integer NOT NULL,
  checksum text NOT NULL,
  rollout_id text REFERENCES rollout (id),
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  outcome text CHECK (outcome IN ('done', 'failed')),
  progress jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (app, env, service, id)
);
--> statement-breakpoint
CREATE TABLE approval (
  id text PRIMARY KEY,
  app text NOT NULL,
  env text NOT NULL,
  release text NOT NULL,
  what text NOT NULL,
  who text NOT NULL,
  evidence jsonb NOT NULL DEFAULT '{}',
  at timestamptz NOT NULL DEFAULT now()
);
--> statement-breakpoint
CREATE INDEX approval_of ON approval (app, env, release);
--> statement-breakpoint
CREATE TABLE "freeze" (
  id text PRIMARY KEY,
  app text NOT NULL,
  env text NOT NULL,
  begins_at timestamptz NOT NULL DEFAULT now(),
  ends_at timestamptz,
  reason text NOT NULL,
  who text NOT NULL,
  lifted_at timestamptz
);
--> statement-breakpoint
CREATE INDEX freeze_of ON "freeze" (app, env) WHERE lifted_at IS NULL;
--> statement-breakpoint
CREATE TABLE preview (
  app text NOT NULL,
  env text NOT NULL,
  source text NOT NULL,
  ref text NOT NULL,
  commit text,
  state text NOT NULL CHECK (state IN ('running', 'asleep', 'closed', 'removed')),
  host text NOT NULL,
  fork boolean NOT NULL DEFAULT false,
  ordered text CHECK (ordered IN ('open', 'close', 'remove')),
  settled boolean NOT NULL DEFAULT false,
  reason text,
  databases jsonb NOT NULL DEFAULT '{}',
  requests bigint NOT NULL DEFAULT 0,
  url text,
  created_at timestamptz NOT NULL DEFAULT now(),
  used_at timestamptz NOT NULL DEFAULT now(),
  closed_at timestamptz,
  removed_at timestamptz,
  PRIMARY KEY (app, env)
);
--> statement-breakpoint
CREATE TABLE traffic_minute (
  app text NOT NULL,
  env text NOT NULL,
  service text NOT NULL,
  release text NOT NULL,
  minute timestamptz NOT NULL,
  requests bigint NOT NULL DEFAULT 0,
  errors bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (app, env, service, release, minute)
);
--> statement-breakpoint
-- Channels also hear of what is no incident: a release that somebody shipped past a freeze.
ALTER TABLE outbox DROP CONSTRAINT outbox_incident_id_fkey;
--> statement-breakpoint
ALTER TABLE rollout DROP CONSTRAINT rollout_kind_check;
--> statement-breakpoint
ALTER TABLE rollout ADD CONSTRAINT rollout_kind_check CHECK (kind IN ('deploy', 'rollback', 'restore', 'contract'));
