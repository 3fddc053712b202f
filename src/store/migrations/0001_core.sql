-- Releases, rollouts, their journal, leases, units and the audit ledger. Schema "stationmaster" is the search path.
CREATE TABLE release (
  app text NOT NULL,
  name text NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  commit text,
  config_hash text NOT NULL,
  services jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  removed_at timestamptz,
  PRIMARY KEY (app, name)
);
--> statement-breakpoint
CREATE TABLE rollout (
  id text PRIMARY KEY,
  app text NOT NULL,
  env text NOT NULL,
  release text NOT NULL,
  from_release text,
  kind text NOT NULL CHECK (kind IN ('deploy', 'rollback', 'restore')),
  strategy text NOT NULL,
  plan jsonb NOT NULL,
  plan_hash text NOT NULL,
  state text NOT NULL,
  generation bigint NOT NULL,
  actor text NOT NULL,
  reason text,
  failure jsonb,
  request text CHECK (request IN ('promote', 'abort')),
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz
);
--> statement-breakpoint
CREATE INDEX rollout_recent ON rollout (app, env, started_at DESC);
--> statement-breakpoint
CREATE TABLE lease (
  app text NOT NULL,
  env text NOT NULL,
  holder text NOT NULL,
  generation bigint NOT NULL,
  expires_at timestamptz NOT NULL,
  manual boolean NOT NULL DEFAULT false,
  reason text,
  PRIMARY KEY (app, env)
);
--> statement-breakpoint
CREATE TABLE journal (
  rollout_id text NOT NULL REFERENCES rollout (id),
  seq integer NOT NULL,
  generation bigint NOT NULL,
  key text NOT NULL,
  phase text NOT NULL CHECK (phase IN ('intent', 'outcome')),
  step text NOT NULL,
  target text,
  payload jsonb NOT NULL DEFAULT '{}',
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (rollout_id, seq),
  UNIQUE (rollout_id, key, phase)
);
--> statement-breakpoint
CREATE TABLE unit (
  id text PRIMARY KEY,
  app text NOT NULL,
  env text NOT NULL,
  rollout_id text NOT NULL REFERENCES rollout (id),
  service text NOT NULL,
  ordinal integer NOT NULL,
  release text NOT NULL,
  role text NOT NULL CHECK (role IN ('stable', 'candidate')),
  generation bigint NOT NULL,
  address jsonb NOT NULL DEFAULT '{}',
  state text NOT NULL CHECK (state IN ('starting', 'running', 'draining', 'stopped')),
  created_at timestamptz NOT NULL DEFAULT now(),
  stopped_at timestamptz
);
--> statement-breakpoint
CREATE INDEX unit_live ON unit (app, env) WHERE state <> 'stopped';
--> statement-breakpoint
CREATE TABLE ledger (
  seq bigint PRIMARY KEY,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  detail jsonb NOT NULL,
  previous text NOT NULL,
  hash text NOT NULL
);
--> statement-breakpoint
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
--> statement-breakpoint
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE ON journal FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON ledger EXECUTE FUNCTION refuse_change();
