-- Incidents with their timeline and actions, the restart limit, health evidence, and the outbox of notifications.
CREATE TABLE incident (
  id text PRIMARY KEY,
  app text NOT NULL,
  environment text NOT NULL,
  key text NOT NULL,
  service text,
  component text NOT NULL,
  family text NOT NULL,
  state text NOT NULL CHECK (state IN ('suspect', 'open', 'healing', 'monitoring', 'resolved')),
  severity text NOT NULL CHECK (severity IN ('SEV1', 'SEV2', 'SEV3')),
  symptom text NOT NULL,
  occurrence integer NOT NULL CHECK (occurrence >= 1),
  previous text,
  events integer NOT NULL,
  escalated boolean NOT NULL,
  frozen boolean NOT NULL,
  acknowledged jsonb,
  members jsonb NOT NULL,
  healing jsonb NOT NULL,
  evidence jsonb,
  onset timestamptz NOT NULL,
  detected_at timestamptz NOT NULL,
  failing_since timestamptz NOT NULL,
  opened_at timestamptz NOT NULL,
  mitigated_at timestamptz,
  resolved_at timestamptz,
  CHECK ((state = 'resolved') = (resolved_at IS NOT NULL))
);
--> statement-breakpoint
CREATE UNIQUE INDEX incident_unclosed ON incident (app, key) WHERE state <> 'resolved';
--> statement-breakpoint
CREATE INDEX incident_recent ON incident (app, environment, opened_at DESC);
--> statement-breakpoint
CREATE TABLE incident_event (
  incident_id text NOT NULL REFERENCES incident (id),
  seq integer NOT NULL,
  at timestamptz NOT NULL,
  kind text NOT NULL,
  text text NOT NULL,
  data jsonb NOT NULL,
  PRIMARY KEY (incident_id, seq)
);
--> statement-breakpoint
CREATE TRIGGER incident_event_append_only BEFORE UPDATE OR DELETE ON incident_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER incident_event_no_truncate BEFORE TRUNCATE ON incident_event EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- An action that touches the service names the evidence collected before it.
CREATE TABLE heal_action (
  incident_id text NOT NULL REFERENCES incident (id),
  number integer NOT NULL,
  app text NOT NULL,
  environment text NOT NULL,
  service text,
  remedy text NOT NULL CHECK (remedy IN ('clear-sessions', 'restart', 'redeploy', 'escalate')),
  outcome text NOT NULL CHECK (outcome IN ('proposed', 'running', 'succeeded', 'failed', 'refused', 'skipped')),
  detail text,
  evidence_seq integer,
  ticket uuid,
  at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (incident_id, number),
  FOREIGN KEY (incident_id, evidence_seq) REFERENCES incident_event (incident_id, seq),
  CHECK (remedy = 'escalate' OR evidence_seq IS NOT NULL),
  CHECK ((outcome IN ('proposed', 'running')) = (ended_at IS NULL))
);
--> statement-breakpoint
CREATE INDEX heal_action_recent ON heal_action (app, environment, at DESC);
--> statement-breakpoint
-- The restart limit. Any 60 minutes hold at most 2 rows of heal_restart a scope, whatever a program does:
-- an epoch has 2 slots, and a new epoch is refused until 60 minutes after the last intent.
CREATE FUNCTION heal_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT clock_timestamp() $$;
--> statement-breakpoint
CREATE TABLE heal_scope (
  scope text PRIMARY KEY,
  changes bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE heal_epoch (
  scope text NOT NULL REFERENCES heal_scope (scope),
  epoch integer NOT NULL,
  granted_at timestamptz NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (scope, epoch)
);
--> statement-breakpoint
CREATE TABLE heal_restart (
  scope text NOT NULL,
  epoch integer NOT NULL,
  slot smallint NOT NULL CHECK (slot IN (1, 2)),
  action uuid NOT NULL,
  intent_at timestamptz NOT NULL,
  spent_at timestamptz,
  outcome text CHECK (outcome IN ('succeeded', 'failed')),
  PRIMARY KEY (scope, epoch, slot),
  FOREIGN KEY (scope, epoch) REFERENCES heal_epoch (scope, epoch)
);
--> statement-breakpoint
CREATE INDEX heal_restart_action ON heal_restart (action);
--> statement-breakpoint
-- Writing the scope's row makes rivals wait (read committed) or fail (repeatable read, serializable).
CREATE FUNCTION heal_lock_scope(name text) RETURNS void LANGUAGE sql SET search_path FROM CURRENT AS $$
  INSERT INTO heal_scope AS s (scope, changes) VALUES (name, 1)
  ON CONFLICT (scope) DO UPDATE SET changes = s.changes + 1
$$;
--> statement-breakpoint
CREATE FUNCTION heal_epoch_insert() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  newest integer;
  last_intent timestamptz;
BEGIN
  PERFORM heal_lock_scope(NEW.scope);
  SELECT coalesce(max(epoch), 0) INTO newest FROM heal_epoch WHERE scope = NEW.scope;
  SELECT max(intent_at) INTO last_intent FROM heal_restart WHERE scope = NEW.scope;
  NEW.granted_at := heal_now();
  IF NEW.epoch IS DISTINCT FROM newest + 1 THEN
    RAISE EXCEPTION 'scope % is at epoch %', NEW.scope, newest USING ERRCODE = 'SM001';
  END IF;
  IF last_intent IS NOT NULL AND NEW.granted_at <= last_intent + interval '60 minutes' THEN
    RAISE EXCEPTION 'the last restart of % is less than 60 minutes ago', NEW.scope USING ERRCODE = 'SM002';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER heal_epoch_guard BEFORE INSERT ON heal_epoch FOR EACH ROW EXECUTE FUNCTION heal_epoch_insert();
--> statement-breakpoint
CREATE FUNCTION heal_restart_insert() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  newest integer;
  used integer;
  last_intent timestamptz;
  granted timestamptz;
BEGIN
  PERFORM heal_lock_scope(NEW.scope);
  SELECT max(epoch) INTO newest FROM heal_epoch WHERE scope = NEW.scope;
  IF newest IS NULL THEN
    RAISE EXCEPTION 'scope % was granted no restarts', NEW.scope USING ERRCODE = 'SM003';
  END IF;
  IF NEW.epoch IS DISTINCT FROM newest THEN
    RAISE EXCEPTION 'scope % is at epoch %', NEW.scope, newest USING ERRCODE = 'SM001';
  END IF;
  SELECT count(*), max(intent_at) INTO used, last_intent FROM heal_restart WHERE scope = NEW.scope AND epoch = NEW.epoch;
  SELECT granted_at INTO granted FROM heal_epoch WHERE scope = NEW.scope AND epoch = NEW.epoch;
  NEW.slot := used + 1;
  -- A clock that was set back never makes a restart look older than its epoch or the restart before it.
  NEW.intent_at := greatest(heal_now(), granted, last_intent);
  NEW.spent_at := NULL;
  NEW.outcome := NULL;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER heal_restart_guard BEFORE INSERT ON heal_restart FOR EACH ROW EXECUTE FUNCTION heal_restart_insert();
--> statement-breakpoint
CREATE FUNCTION heal_restart_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.scope, NEW.epoch, NEW.slot, NEW.action, NEW.intent_at) IS DISTINCT FROM (OLD.scope, OLD.epoch, OLD.slot, OLD.action, OLD.intent_at)
    OR (OLD.spent_at IS NOT NULL AND NEW.spent_at IS DISTINCT FROM OLD.spent_at)
    OR (OLD.outcome IS NOT NULL AND NEW.outcome IS DISTINCT FROM OLD.outcome) THEN
    RAISE EXCEPTION 'a restart on record is not changed' USING ERRCODE = 'SM004';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER heal_restart_keep BEFORE UPDATE ON heal_restart FOR EACH ROW EXECUTE FUNCTION heal_restart_update();
--> statement-breakpoint
CREATE TRIGGER heal_restart_no_delete BEFORE DELETE ON heal_restart FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER heal_restart_no_truncate BEFORE TRUNCATE ON heal_restart EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER heal_epoch_append_only BEFORE UPDATE OR DELETE ON heal_epoch FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER heal_epoch_no_truncate BEFORE TRUNCATE ON heal_epoch EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER heal_scope_no_delete BEFORE DELETE ON heal_scope FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER heal_scope_no_truncate BEFORE TRUNCATE ON heal_scope EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- Since when a service has been healthy without a gap in our watching; seen_at is the last moment we looked.
CREATE TABLE heal_health (
  scope text PRIMARY KEY,
  up_since timestamptz,
  seen_at timestamptz NOT NULL
);
--> statement-breakpoint
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  app text NOT NULL,
  incident_id text NOT NULL REFERENCES incident (id),
  channel text NOT NULL,
  event integer NOT NULL,
  message jsonb NOT NULL,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'dead')),
  attempts integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  next_at timestamptz NOT NULL,
  claimed_until timestamptz,
  delivered_at timestamptz,
  error text,
  UNIQUE (incident_id, channel, event)
);
--> statement-breakpoint
CREATE INDEX outbox_pending ON outbox (app, incident_id, channel, id) WHERE state = 'pending';
