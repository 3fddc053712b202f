-- Who was called, in what order and whether it reached them.
ALTER TABLE outbox DROP CONSTRAINT outbox_state_check;
--> statement-breakpoint
-- skipped: it was over, or told with a later message, before its time came.
ALTER TABLE outbox ADD CONSTRAINT outbox_state_check CHECK (state IN ('pending', 'delivered', 'dead', 'skipped'));
--> statement-breakpoint
-- Calls again of the same event have turns of their own.
ALTER TABLE outbox ADD COLUMN turn integer NOT NULL DEFAULT 0;
--> statement-breakpoint
ALTER TABLE outbox DROP CONSTRAINT outbox_incident_id_channel_event_key;
--> statement-breakpoint
ALTER TABLE outbox ADD CONSTRAINT outbox_once UNIQUE (incident_id, channel, event, turn);
--> statement-breakpoint
-- The message that another one was told with.
ALTER TABLE outbox ADD COLUMN told_with bigint REFERENCES outbox (id);
--> statement-breakpoint
-- When another channel is called if this one has not taken the message; null where none is.
ALTER TABLE outbox ADD COLUMN hand_on_at timestamptz;
--> statement-breakpoint
CREATE INDEX outbox_recent ON outbox (app, channel, delivered_at DESC) WHERE state = 'delivered';
--> statement-breakpoint
CREATE INDEX outbox_hand_on ON outbox (app, hand_on_at) WHERE hand_on_at IS NOT NULL;
--> statement-breakpoint
-- What a channel must remember of an incident: the id of its message there.
CREATE TABLE notify_thread (
  incident_id text NOT NULL,
  channel text NOT NULL,
  ref text NOT NULL,
  PRIMARY KEY (incident_id, channel)
);
--> statement-breakpoint
-- How far the calls of an incident have come.
CREATE TABLE notify_standing (
  incident_id text PRIMARY KEY,
  app text NOT NULL,
  severity text NOT NULL CHECK (severity IN ('SEV1', 'SEV2', 'SEV3')),
  since timestamptz NOT NULL,
  level integer NOT NULL,
  reminders integer NOT NULL
);
