/**
 * What an app was given for each tenant, in place of one sum of all; and for whom a client worked whose calls a grant covers. What apps were
 * given before is for nobody in particular; a token of this machine works for the same tenant for ever.
 */
export const appAccesses = `
CREATE TABLE app_accesses (
  client TEXT NOT NULL,
  tenant TEXT NOT NULL,
  scopes TEXT NOT NULL,
  purpose TEXT,
  last_used TEXT,
  PRIMARY KEY (client, tenant)
) STRICT, WITHOUT ROWID;
INSERT INTO app_accesses (client, tenant, scopes, purpose, last_used)
  SELECT id, '', coalesce(scopes, '[]'), purpose, last_seen FROM clients WHERE kind = 'oauth' AND revoked = 0;
UPDATE clients SET scopes = NULL WHERE kind = 'oauth';
ALTER TABLE clients DROP COLUMN purpose;
ALTER TABLE grants ADD COLUMN tenant TEXT NOT NULL DEFAULT '';
UPDATE grants SET tenant = coalesce((SELECT tenant FROM clients WHERE id = grants.client), '');
DROP INDEX grants_for;
CREATE INDEX grants_for ON grants (client, tenant, server, tool) WHERE state = 'active';
`
