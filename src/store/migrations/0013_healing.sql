-- Healing: what an action was against and whether it held, the limit of the whole project, epochs that a restore voids, and the
-- first restarts of a service by its first rollout that succeeded.
ALTER TABLE heal_action DROP CONSTRAINT heal_action_outcome_check;
--> statement-breakpoint
ALTER TABLE heal_action
  ADD CONSTRAINT heal_action_outcome_check
    CHECK (outcome IN ('proposed', 'running', 'succeeded', 'failed', 'refused', 'skipped', 'declined')),
  ADD COLUMN step smallint CHECK (step BETWEEN 1 AND 5),
  ADD COLUMN class text,
  ADD COLUMN held_at timestamptz;
--> statement-breakpoint
-- Every action that touches a service is counted here before it begins: at most 4 in any hour and 10 in any day a project.
CREATE TABLE heal_intent (
  action uuid PRIMARY KEY,
  app text NOT NULL,
  environment text NOT NULL,
  service text NOT NULL,
  remedy text NOT NULL CHECK (remedy IN ('clear-sessions', 'restart', 'redeploy')),
  incident_id text NOT NULL,
  number integer NOT NULL,
  intent_at timestamptz NOT NULL,
  returned_at timestamptz
);
--> statement-breakpoint
CREATE INDEX heal_intent_recent ON heal_intent (app, intent_at DESC);
--> statement-breakpoint
CREATE FUNCTION heal_intent_insert() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  last_intent timestamptz;
  in_hour integer;
  in_day integer;
BEGIN
  PERFORM heal_lock_scope('project:' || NEW.app);
  SELECT max(intent_at) INTO last_intent FROM heal_intent WHERE app = NEW.app;
  -- A clock that was set back never makes an action look older than the one before it.
  NEW.intent_at := greatest(heal_now(), last_intent);
  NEW.returned_at := NULL;
  SELECT count(*) FILTER (WHERE intent_at >= NEW.intent_at - interval '60 minutes'), count(*) INTO in_hour, in_day
    FROM heal_intent WHERE app = NEW.app AND returned_at IS NULL AND intent_at >= NEW.intent_at - interval '24 hours';
  IF in_hour >= 4 THEN
    RAISE EXCEPTION 'the 4 actions of an hour are used' USING ERRCODE = 'SM005';
  END IF;
  IF in_day >= 10 THEN
    RAISE EXCEPTION 'the 10 actions of a day are used' USING ERRCODE = 'SM006';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER heal_intent_guard BEFORE INSERT ON heal_intent FOR EACH ROW EXECUTE FUNCTION heal_intent_insert();
--> statement-breakpoint
-- Only what touched nothing is given back, once; a restart never is.
CREATE FUNCTION heal_intent_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.remedy = 'restart' OR OLD.returned_at IS NOT NULL OR to_jsonb(NEW) - 'returned_at' <> to_jsonb(OLD) - 'returned_at' THEN
    RAISE EXCEPTION 'an action on record is not changed' USING ERRCODE = 'SM004';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER heal_intent_keep BEFORE UPDATE ON heal_intent FOR EACH ROW EXECUTE FUNCTION heal_intent_update();
--> statement-breakpoint
CREATE TRIGGER heal_intent_no_delete BEFORE DELETE ON heal_intent FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER heal_intent_no_truncate BEFORE TRUNCATE ON heal_intent EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- Epochs that ended before they were used up. Restarts that a backup does not know of may have happened after it was made.
CREATE TABLE heal_void (
  scope text NOT NULL,
  epoch integer NOT NULL,
  at timestamptz NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (scope, epoch),
  FOREIGN KEY (scope, epoch) REFERENCES heal_epoch (scope, epoch)
);
--> statement-breakpoint
CREATE TRIGGER heal_void_append_only BEFORE UPDATE OR DELETE ON heal_void FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER heal_void_no_truncate BEFORE TRUNCATE ON heal_void EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- Voids the newest epoch of every scope and answers how many; for after a restore. New ones are earned from then on.
CREATE FUNCTION heal_void_open(why text) RETURNS integer LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  voided integer;
BEGIN
  PERFORM heal_lock_scope(scope) FROM (SELECT scope FROM heal_scope ORDER BY scope) s;
  INSERT INTO heal_void (scope, epoch, at, reason)
    SELECT scope, max(epoch), heal_now(), why FROM heal_epoch GROUP BY scope
    ON CONFLICT (scope, epoch) DO NOTHING;
  GET DIAGNOSTICS voided = ROW_COUNT;
  RETURN voided;
END $$;
--> statement-breakpoint
CREATE FUNCTION heal_void_stamp() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM heal_lock_scope(NEW.scope);
  NEW.at := heal_now();
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER heal_void_guard BEFORE INSERT ON heal_void FOR EACH ROW EXECUTE FUNCTION heal_void_stamp();
--> statement-breakpoint
CREATE FUNCTION heal_void_epoch() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM heal_lock_scope(NEW.scope);
  IF EXISTS (SELECT FROM heal_void WHERE scope = NEW.scope AND at >= heal_now() - interval '60 minutes') THEN
    RAISE EXCEPTION 'the restarts of % were voided less than 60 minutes ago', NEW.scope USING ERRCODE = 'SM002';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER heal_epoch_voided BEFORE INSERT ON heal_epoch FOR EACH ROW EXECUTE FUNCTION heal_void_epoch();
--> statement-breakpoint
CREATE FUNCTION heal_void_restart() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM heal_lock_scope(NEW.scope);
  IF EXISTS (SELECT FROM heal_void WHERE scope = NEW.scope AND epoch = NEW.epoch) THEN
    RAISE EXCEPTION 'the restarts of % were voided', NEW.scope USING ERRCODE = 'SM007';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER heal_restart_voided BEFORE INSERT ON heal_restart FOR EACH ROW EXECUTE FUNCTION heal_void_restart();
--> statement-breakpoint
-- The first 2 restarts of a service come with the transaction that ends its first good rollout, and never again.
CREATE FUNCTION heal_first_epochs() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  name text;
BEGIN
  FOR name IN
    SELECT DISTINCT 'service:' || NEW.app || '/' || NEW.env || '/' || (item ->> 'service') AS scope
    FROM jsonb_array_elements(NEW.plan -> 'services') item WHERE item ->> 'action' <> 'remove' ORDER BY scope
  LOOP
    IF NOT EXISTS (SELECT FROM heal_epoch WHERE scope = name) THEN
      BEGIN
        INSERT INTO heal_epoch (scope, epoch, granted_at, reason) VALUES (name, 1, heal_now(), 'first rollout succeeded: ' || NEW.id);
      EXCEPTION WHEN SQLSTATE 'SM001' OR unique_violation THEN
        -- A rival was first.
        NULL;
      END;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER rollout_grants_restarts AFTER INSERT OR UPDATE OF state ON rollout FOR EACH ROW
  WHEN (NEW.state = 'SUCCEEDED' AND NEW.kind <> 'contract') EXECUTE FUNCTION heal_first_epochs();
