-- Two more remedies that leave the processes of a service as they are: its connections are made anew, its cache is dropped.
ALTER TABLE heal_action DROP CONSTRAINT heal_action_remedy_check;
--> statement-breakpoint
ALTER TABLE heal_action ADD CONSTRAINT heal_action_remedy_check
  CHECK (remedy IN ('clear-sessions', 'reconnect-pool', 'drop-cache', 'restart', 'redeploy', 'escalate'));
--> statement-breakpoint
ALTER TABLE heal_intent DROP CONSTRAINT heal_intent_remedy_check;
--> statement-breakpoint
ALTER TABLE heal_intent ADD CONSTRAINT heal_intent_remedy_check
  CHECK (remedy IN ('clear-sessions', 'reconnect-pool', 'drop-cache', 'restart', 'redeploy'));
