"""What ``bin/profile`` writes and tries: profiles, schemas, samples, reports."""
