import { baseScope } from './resources.ts'

/** Where each endpoint of the authorization server is. */
export const endpoints = {
  authorization: '/oauth/authorize',
  token: '/oauth/token',
  revocation: '/oauth/revoke',
  introspection: '/oauth/introspect',
  registration: '/oauth/register',
} as const

/** What the authorization server says of itself (RFC 8414; in OpenID's place too, since some clients look only there). */
export function serverMetadata(issuer: string, scopes: readonly string[], documents: boolean): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: issuer + endpoints.authorization,
    token_endpoint: issuer + endpoints.token,
    registration_endpoint: issuer + endpoints.registration,
    revocation_endpoint: issuer + endpoints.revocation,
    revocation_endpoint_auth_methods_supported: ['none'],
    introspection_endpoint: issuer + endpoints.introspection,
    introspection_endpoint_auth_methods_supported: ['none'],
    jwks_uri: `${issuer}/oauth/jwks`,
    scopes_supported: scopes,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: ['none'],
    code_challenge_methods_supported: ['S256'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: documents,
  }
}

/** What is said of one place that takes tokens (RFC 9728). */
export function resourceMetadata(resource: string, issuer: string): Record<string, unknown> {
  return {
    resource,
    authorization_servers: [issuer],
    scopes_supported: [baseScope],
    bearer_methods_supported: ['header'],
    resource_name: 'Toolgate',
  }
}
