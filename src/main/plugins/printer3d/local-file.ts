import { fileURLToPath } from 'node:url'
import { GantryError } from '../../contract/error.ts'

export const isLocal = (uri: string): boolean => /^file:/i.test(uri)

/**
 * The path of a `file:` URI, by its text alone: whether anything is there is asked when the printer could print it, and no
 * earlier. A host would lead to another machine. What need not be encoded and is all the same (`%2e%2e`, `%2f`) hides
 * where it leads, as `..` and a backslash do.
 */
export function localPathOf(uri: string): string {
  const rest = /^file:(?:\/\/(?=\/))?(\/(?!\/)[^?#]*)$/i.exec(uri)?.[1]
  if (rest === undefined || isHidden(rest)) throw noLocalPath()
  let path: string
  try {
    path = fileURLToPath(`file://${rest}`)
  } catch (thrown) {
    throw noLocalPath(thrown)
  }
  if (!/\.(?:gcode|gco|g|bgcode)$/i.test(path)) {
    throw new GantryError('request.invalid', 'Only .gcode, .gco, .g and .bgcode files can be printed.')
  }
  return path
}

/** Letters, digits and `-._~` are never encoded (RFC 3986, 2.3); slashes and control characters are in no name. */
const needlessly = /%(?:[01][\da-f]|2[def]|3\d|4[1-9a-f]|5[\da]|5[cf]|6[1-9a-f]|7[\dae-f])/i

const isHidden = (path: string) =>
  needlessly.test(path) || path.includes('\\') || path.split('/').some(part => part === '.' || part === '..')

const noLocalPath = (cause?: unknown) =>
  new GantryError(
    'request.invalid',
    'A file URI names a file of this machine by its full path: file:///folder/part.gcode.',
    {},
    cause,
  )
