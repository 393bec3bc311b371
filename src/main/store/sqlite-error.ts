import { type ErrorCode, GantryError } from '../contract/error.ts'

/** Result codes of SQLite; the extended ones carry them in their low byte. https://sqlite.org/rescode.html */
const primary = { busy: 5, readonly: 8, ioerr: 10, corrupt: 11, full: 13, cantopen: 14, notadb: 26 } as const
const extended = { primaryKey: 1555, unique: 2067 } as const

function errorNumber(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('errcode' in thrown)) return undefined
  return typeof thrown.errcode === 'number' ? thrown.errcode : undefined
}

const isPrimary = (thrown: unknown, ...codes: readonly number[]): thrown is Error => {
  const number = errorNumber(thrown)
  return number !== undefined && codes.includes(number & 0xff)
}

/** What the file system says where SQLite did not come to say it: a backup copied, a file or folder made or moved. */
const fullCodes: readonly unknown[] = ['ENOSPC', 'EDQUOT']
const unwritableCodes: readonly unknown[] = ['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOTDIR', 'EEXIST', 'EIO']

const isSystem = (thrown: unknown, codes: readonly unknown[]) =>
  thrown instanceof Error && 'code' in thrown && codes.includes(thrown.code)

export const isDamage = (thrown: unknown): thrown is Error =>
  isPrimary(thrown, primary.corrupt, primary.notadb)
export const isBusy = (thrown: unknown) => isPrimary(thrown, primary.busy)

/** What a person or a program can act on becomes one of ours; the rest is a mistake of Gantry and stays as it is. */
export function toStoreError(thrown: unknown, file: string): unknown {
  const wrap = (code: ErrorCode, message: string) => new GantryError(code, message, { file }, thrown)
  if (isPrimary(thrown, primary.full) || isSystem(thrown, fullCodes)) {
    return wrap(
      'data.full',
      `The disk with ${file} is full, so nothing can be saved. Make room, then try again.`,
    )
  }
  if (isDamage(thrown)) {
    return wrap(
      'store.damaged',
      `The database ${file} is damaged. Start Gantry again: it will restore the last good backup.`,
    )
  }
  if (isBusy(thrown)) {
    return wrap(
      'data.unwritable',
      `The database ${file} is held by another program, so nothing can be saved. End that program, then try again.`,
    )
  }
  const isStuck = isPrimary(thrown, primary.readonly, primary.ioerr, primary.cantopen)
  if (isStuck || isSystem(thrown, unwritableCodes)) {
    return wrap('data.unwritable', `${file} cannot be read or written. Check the folder and the disk.`)
  }
  const number = errorNumber(thrown)
  if (number === extended.unique || number === extended.primaryKey) {
    return wrap('store.conflict', 'There is one of these already.')
  }
  return thrown
}
