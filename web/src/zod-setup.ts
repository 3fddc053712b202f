import { config } from "zod";

// Before any schema is made: Zod would try to compile its checks, which a content security policy forbids and reports.
config({ jitless: true });
