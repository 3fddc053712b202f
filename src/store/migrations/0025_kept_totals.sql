-- How many rows were removed because they were old, so that what was counted with them does not get less.
CREATE TABLE heal_action_removed (
  app text NOT NULL,
  environment text NOT NULL,
  remedy text NOT NULL,
  outcome text NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (app, environment, remedy, outcome)
);
--> statement-breakpoint
CREATE FUNCTION heal_action_removed_add() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO heal_action_removed AS kept
    SELECT app, environment, remedy, outcome, count(*) FROM removed WHERE ended_at IS NOT NULL GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (app, environment, remedy, outcome) DO UPDATE SET count = kept.count + excluded.count;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER heal_action_removed_count AFTER DELETE ON heal_action REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION heal_action_removed_add();
--> statement-breakpoint
CREATE TABLE outbox_removed (
  app text NOT NULL,
  channel text NOT NULL,
  state text NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (app, channel, state)
);
--> statement-breakpoint
CREATE FUNCTION outbox_removed_add() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO outbox_removed AS kept
    SELECT app, channel, state, count(*) FROM removed WHERE state <> 'pending' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (app, channel, state) DO UPDATE SET count = kept.count + excluded.count;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER outbox_removed_count AFTER DELETE ON outbox REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION outbox_removed_add();
--> statement-breakpoint
-- They are counted with each scrape: from the index alone, without the messages.
CREATE INDEX outbox_ended ON outbox (app, channel, state) WHERE state <> 'pending';
