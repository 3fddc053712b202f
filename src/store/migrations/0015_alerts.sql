-- Alerts taken in from Alertmanager that fire, so that they end by themselves, and what people wrote for the public.
CREATE TABLE alert (
  app text NOT NULL,
  environment text NOT NULL,
  check_id text NOT NULL,
  service text,
  component text NOT NULL,
  severity text NOT NULL CHECK (severity IN ('SEV1', 'SEV2', 'SEV3')),
  starts_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (app, environment, check_id)
);
--> statement-breakpoint
CREATE INDEX alert_expiry ON alert (app, environment, expires_at);
--> statement-breakpoint
CREATE TABLE public_update (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  app text NOT NULL,
  incident_id text NOT NULL REFERENCES incident (id),
  text text NOT NULL CHECK (length(text) BETWEEN 1 AND 2000),
  actor text NOT NULL,
  at timestamptz NOT NULL
);
--> statement-breakpoint
CREATE INDEX public_update_incident ON public_update (incident_id, id);
--> statement-breakpoint
CREATE TRIGGER public_update_append_only BEFORE UPDATE OR DELETE ON public_update FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER public_update_no_truncate BEFORE TRUNCATE ON public_update EXECUTE FUNCTION refuse_change();
