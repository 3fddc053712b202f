-- What becomes of an incident after its end, the flags beside its state, and silences.
ALTER TABLE incident DROP CONSTRAINT incident_state_check;
--> statement-breakpoint
ALTER TABLE incident ADD CONSTRAINT incident_state_check
  CHECK (state IN ('suspect', 'open', 'healing', 'monitoring', 'resolved', 'review', 'closed'));
--> statement-breakpoint
ALTER TABLE incident DROP CONSTRAINT incident_check;
--> statement-breakpoint
ALTER TABLE incident ADD CONSTRAINT incident_over_check
  CHECK ((state IN ('resolved', 'review', 'closed')) = (resolved_at IS NOT NULL));
--> statement-breakpoint
DROP INDEX incident_unclosed;
--> statement-breakpoint
CREATE UNIQUE INDEX incident_unclosed ON incident (app, key) WHERE state NOT IN ('resolved', 'review', 'closed');
--> statement-breakpoint
CREATE INDEX incident_key ON incident (app, key, resolved_at);
--> statement-breakpoint
ALTER TABLE incident
  ADD COLUMN recurring boolean NOT NULL DEFAULT false,
  ADD COLUMN needs jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN flapping jsonb,
  ADD COLUMN suppressed jsonb,
  ADD COLUMN storm jsonb,
  ADD COLUMN judged text CHECK (judged IN ('SEV1', 'SEV2', 'SEV3')),
  ADD COLUMN reported_by text,
  ADD COLUMN acknowledged_at timestamptz,
  ADD COLUMN closed_at timestamptz;
--> statement-breakpoint
-- Times in which nothing opens or pages. Without a recurrence it lasts from `from_at` to `until_at`; with one, in each of its
-- spans between the two.
CREATE TABLE silence (
  id text PRIMARY KEY,
  app text NOT NULL,
  environment text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('silence', 'maintenance')),
  matcher jsonb NOT NULL,
  author text NOT NULL,
  reason text NOT NULL,
  from_at timestamptz NOT NULL,
  until_at timestamptz NOT NULL CHECK (until_at <= from_at + interval '30 days'),
  recurrence jsonb,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
--> statement-breakpoint
CREATE INDEX silence_standing ON silence (app, environment, until_at) WHERE ended_at IS NULL;
