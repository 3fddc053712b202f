-- The issue on GitHub that shows an incident: what it was last told, so that nothing is said twice.
CREATE TABLE incident_issue (
  incident_id text PRIMARY KEY REFERENCES incident (id),
  app text NOT NULL,
  repository text NOT NULL,
  number integer NOT NULL CHECK (number > 0),
  url text NOT NULL,
  created_at timestamptz NOT NULL,
  looked_at timestamptz NOT NULL,
  -- Events of the incident at the last look, and the last of them that a comment tells of.
  events integer NOT NULL,
  told integer NOT NULL,
  -- The event of a comment that is being written: after a crash the comments say whether it was.
  pending integer,
  comments integer NOT NULL,
  commented_at timestamptz NOT NULL,
  text_hash text NOT NULL,
  text_at timestamptz NOT NULL,
  closed_by text CHECK (closed_by IN ('us', 'person')),
  frozen boolean NOT NULL,
  dispatched boolean NOT NULL
);
--> statement-breakpoint
CREATE INDEX incident_issue_number ON incident_issue (repository, number);
