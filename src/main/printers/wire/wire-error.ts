import { GantryError } from '../../contract/error.ts'

const untrusted = /^(?:ERR_TLS|CERT_|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|EPROTO|ERR_SSL)/

/** Node's errors of sockets and TLS as ours, with what they mean for a printer and what to do. */
export function wireError(thrown: unknown, host: string): GantryError {
  if (thrown instanceof GantryError) return thrown
  const code = codeOf(thrown)
  const offline = (message: string) => new GantryError('printer.offline', message, { host, code }, thrown)
  if (untrusted.test(code)) {
    return new GantryError(
      'wire.untrusted',
      `The certificate of ${host} cannot be trusted. Check the address, or use http if the printer is your own.`,
      { host, code },
      thrown,
    )
  }
  switch (code) {
    case 'ECONNREFUSED':
      return offline(`${host} is there, but nothing answers at this port. Is the printer’s service running?`)
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return offline(`There is no ${host} in this network. Is the name right, and the printer on?`)
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'ETIMEDOUT':
      return offline(`${host} cannot be reached. Is the printer on and in the same network?`)
    case 'ECONNRESET':
    case 'EPIPE':
      return new GantryError('wire.closed', `${host} broke off the connection.`, { host, code }, thrown)
    default:
      if (code.startsWith('HPE_')) {
        return new GantryError('wire.malformed', `${host} does not speak HTTP.`, { host, code }, thrown)
      }
      return new GantryError('wire.closed', `The connection to ${host} failed.`, { host, code }, thrown)
  }
}

function codeOf(thrown: unknown): string {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : ''
  return typeof code === 'string' ? code : ''
}
