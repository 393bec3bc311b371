/**
 * The closed list of things that can go wrong, as `area.problem`, each with its meaning in one line.
 * Transports map codes to their own numbers, screens map them to sentences; nothing else branches on text.
 */
export const errorCodes = {
  'config.invalid': 'a setting has an unknown name, a wrong type or a value that is not allowed',
  'config.unreadable': 'the configuration file cannot be read or is not JSON',
  'data.unwritable': 'the data folder cannot be created or written',
  'data.full': 'the disk that holds the data folder has no space left',
  'data.held': 'another Gantry already uses the data folder',
  'store.damaged': 'the database is damaged and no good backup was found',
  'store.future': 'the database was written by a newer Gantry',
  'store.migration': 'a step that brings the database up to date failed',
  'store.conflict': 'the row changed or exists already',
  'display.missing': 'there is no screen to open a window on',
  'port.taken': 'the port Gantry must listen on is held by another program',
  'room.timeout': 'a part of Gantry did not start or stop in its time',
  'request.bad-address': 'the address is not one that GotAPI has, or not one of this server',
  'request.unreadable': 'a request is not one that can be read',
  'request.reserved-name': 'no profile may have this name',
  'request.unknown-profile': 'nothing here serves the profile',
  'request.unknown-route': 'the profile has no such part',
  'request.wrong-method': 'the route does not take this method',
  'request.invalid': 'a request is not of the form its route asks for',
  'request.too-large': 'a request is larger than its limit',
  'request.too-late': 'a request took too long to arrive',
  'bytes.gap': 'bytes are handed over that do not follow those that are there',
  'bytes.too-many': 'more bytes are handed over than were announced',
  'bytes.out-of-range': 'bytes are asked for that are not there',
  'auth.origin': 'the origin is missing, doubled or not allowed',
  'auth.denied': 'the owner said no, or did not answer in time',
  'auth.too-often': 'the application asks more often than it may',
  'auth.too-much': 'the application follows more than it may',
  'auth.client-unknown': 'the client is not one of ours, or has ended',
  'auth.token-missing': 'the call needs an access token',
  'auth.token-unknown': 'the access token is not one of ours, or was taken back',
  'auth.token-expired': 'the access token is past its time',
  'auth.scope-missing': 'the access token does not cover the call',
  'service.missing': 'the call names no service',
  'service.unknown': 'no such service',
  'plugin.invalid': 'a plug-in or its manifest is not of the form Gantry asks for',
  'plugin.unreadable': 'the folder of plug-ins, or one in it, cannot be read',
  'plugin.unknown': 'no such plug-in',
  'plugin.disabled': 'the plug-in is switched off',
  'plugin.restarting': 'the plug-in stopped and is being started again',
  'plugin.stopped': 'the plug-in stopped too often and is not started any more',
  'plugin.crashed': 'the plug-in stopped before it answered',
  'plugin.late': 'the plug-in did not answer in time',
  'plugin.malformed': 'the plug-in answered with something that makes no sense',
  'plugin.busy': 'the plug-in has too many calls to answer',
  'plugin.denied': 'the plug-in does not let the application in',
  'plugin.refused': 'the plug-in answered with an error of its own',
  'printer.offline': 'the printer cannot be reached',
  'printer.busy': 'the printer is doing something that forbids the command',
  'printer.printing': 'a print is on, and this would spoil it',
  'printer.not-printing': 'nothing is being printed',
  'printer.not-paused': 'the print is not paused',
  'printer.paused': 'the print is paused already',
  'printer.halted': 'the machine has stopped itself and must be restarted first',
  'printer.left-alone':
    'opening its port starts the printer anew, and only a person may say that this does no harm',
  'printer.bed-to-clear': 'the last part may still be on the bed',
  'printer.bed-changed': 'the bed is not as it was when somebody looked at it',
  'printer.held': 'a fault was heard after which a person has to look first',
  'printer.in-doubt': 'another printer may answer where this one was',
  'printer.unsupported': 'the printer or its firmware cannot do this',
  'printer.refused': 'the printer said no',
  'printer.credentials': 'the printer wants a key, or the key is wrong',
  'printer.no-reading': 'the printer has not reported a value yet',
  'printer.unknown': 'no such printer',
  'job.unknown': 'no such job',
  'file.unknown': 'no such file',
  'file.unreadable': 'the file cannot be read',
  'file.wrong-kind': 'the printer does not print files of this kind',
  'contents.unknown': 'no such contents server is set up',
  'contents.unreachable': 'the contents server cannot be reached',
  'contents.refused': 'the contents server said no',
  'contents.login-refused': 'nobody logged in at the contents server, or it does not take the login',
  'contents.token-unknown': 'the contents server does not take this secure token',
  'contents.token-expired': 'the secure token is past its time',
  'wire.timeout': 'the other side did not answer in time',
  'wire.malformed': 'the other side answered with something that makes no sense',
  'wire.closed': 'the line to the other side broke',
  'wire.untrusted': 'the certificate of the other side cannot be trusted',
  'wire.redirected': 'the other side points to another address, which is never followed',
  'wire.too-large': 'the other side answered with more than its limit',
  cancelled: 'somebody asked to stop waiting',
  'internal.bug': 'a mistake in Gantry itself',
} as const

export type ErrorCode = keyof typeof errorCodes

export const isErrorCode = (thing: unknown): thing is ErrorCode =>
  typeof thing === 'string' && Object.hasOwn(errorCodes, thing)

export type ErrorDetails = Readonly<Record<string, unknown>>

/**
 * Which details go out with a code, for the sentence a screen makes of it. What is not named here stays inside: details
 * may hold a path or an address.
 */
const toldByCode: Partial<Record<ErrorCode, readonly string[]>> = {
  'request.invalid': ['name'],
  'request.unknown-profile': ['profile'],
  'request.unknown-route': ['profile'],
  'request.wrong-method': ['method'],
  'auth.scope-missing': ['profile'],
  'printer.printing': ['state'],
  'printer.not-printing': ['state'],
  'printer.not-paused': ['state'],
  'printer.paused': ['state'],
  'printer.halted': ['state'],
  'printer.bed-to-clear': ['state'],
  'printer.held': ['state'],
  // In the printer's own words.
  'printer.busy': ['said', 'state'],
  'printer.refused': ['said'],
  'file.wrong-kind': ['kind'],
}

const toldTextChars = 200

/** Plain and short, whoever filled it in. */
export function toldDetails(code: ErrorCode, details: ErrorDetails): ErrorDetails {
  const told = (toldByCode[code] ?? []).flatMap(name => {
    const value = details[name]
    if (typeof value === 'string') return [[name, value.slice(0, toldTextChars)]]
    return typeof value === 'number' || typeof value === 'boolean' ? [[name, value]] : []
  })
  return Object.fromEntries(told)
}

/** The one error class. `message` is for a person, `code` is for a program, `details` is plain data. */
export class GantryError extends Error {
  override readonly name = 'GantryError'
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.details = details
  }
}

export function isGantryError(thing: unknown, ...codes: readonly ErrorCode[]): thing is GantryError {
  return thing instanceof GantryError && (codes.length === 0 || codes.includes(thing.code))
}

/** Anything thrown, as one of ours: a foreign error is a mistake of Gantry until somebody translates it. */
export function toGantryError(thrown: unknown): GantryError {
  if (thrown instanceof GantryError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new GantryError('internal.bug', message, {}, thrown)
}
