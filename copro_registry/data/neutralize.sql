-- A copy of a database never reaches the registry: it keeps no way to authenticate,
-- and its address leads to nobody.
UPDATE copro_certificate SET sealed_key = NULL;
UPDATE copro_certificate_request SET sealed_key = NULL;
DELETE FROM copro_certificate_import;
UPDATE copro_declarant_account
   SET environment = 'simulator', url = 'https://neutralized.invalid/',
       sender_database = NULL, sender_identity = NULL;
UPDATE copro_transmission SET state = 'cancelled' WHERE state = 'queued';
UPDATE copro_upload_batch SET state = 'cancelled' WHERE state IN ('running', 'paused');
