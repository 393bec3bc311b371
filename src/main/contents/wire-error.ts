import { type ErrorCode, type ErrorDetails, GantryError } from '../contract/error.ts'
import { ownOf } from '../lib/own.ts'

/** TLS as Node names it, and what it means for whoever runs the server. */
const certificate: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'is past its date. It must be renewed on the server.',
  CERT_NOT_YET_VALID: 'is not valid yet. Are the clocks of both computers right?',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'was signed by the server itself. Let this computer trust it, or give the server one that it trusts.',
  SELF_SIGNED_CERT_IN_CHAIN:
    'was signed by an authority of its own. Let this computer trust that authority first.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'comes from an authority that this computer does not trust.',
  UNABLE_TO_GET_ISSUER_CERT: 'comes from an authority that this computer does not trust.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'comes from an authority that this computer does not trust.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is for another name. Use the name that stands in it.',
}

/** What is wrong with a contents server: its address may be told with it, a printer's may not. */
export const serverFault = (
  code: Extract<ErrorCode, `wire.${string}`>,
  message: string,
  details: ErrorDetails = {},
  cause?: unknown,
): GantryError => new GantryError(code, message, { ...details, of: 'contents-server' }, cause)

/** Node's errors of sockets and TLS as ours, with what they mean and what to do. */
export function contentsWireError(thrown: unknown, host: string): GantryError {
  if (thrown instanceof GantryError) return thrown
  const code = codeOf(thrown)
  const untrusted = (message: string) => serverFault('wire.untrusted', message, { host, code }, thrown)
  const unreachable = (message: string) =>
    new GantryError('contents.unreachable', message, { host, code }, thrown)

  const fault = ownOf(certificate, code)
  if (fault !== undefined) return untrusted(`The certificate of ${host} ${fault}`)
  if (/^(?:EPROTO|ERR_SSL|ERR_TLS)/.test(code)) {
    return untrusted(
      `${host} does not speak https here. If it is meant to speak http, write http:// before it.`,
    )
  }
  if (code.startsWith('CERT_')) return untrusted(`The certificate of ${host} cannot be trusted.`)
  switch (code) {
    case 'ECONNREFUSED':
      return unreachable(
        `${host} is there, but nothing answers at this port. Is the contents server running?`,
      )
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return unreachable(`There is no ${host} in this network. Is the name right?`)
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'ETIMEDOUT':
      return unreachable(`${host} cannot be reached. Is the contents server on and in the same network?`)
    case 'ECONNRESET':
    case 'EPIPE':
      return unreachable(`${host} broke off the connection.`)
    default:
      return code.startsWith('HPE_')
        ? serverFault('wire.malformed', `${host} does not speak HTTP.`, { host, code }, thrown)
        : unreachable(`The connection to ${host} failed.`)
  }
}

function codeOf(thrown: unknown): string {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : ''
  return typeof code === 'string' ? code : ''
}
