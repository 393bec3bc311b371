import { describe, expect, it } from 'vitest'
import { GantryError } from '../../../src/main/contract/error.ts'
import { isBusy, isDamage, toStoreError } from '../../../src/main/store/sqlite-error.ts'

const sqlite = (errcode: unknown) => Object.assign(new Error('from SQLite'), { errcode })
const system = (code: string) => Object.assign(new Error('from the system'), { code })
/** The same with what the operating system said in the higher bytes. */
const extended = (errcode: number) => errcode | (7 << 8)

describe('what SQLite and the file system say', () => {
  it.each([
    [
      sqlite(13),
      'data.full',
      'The disk with /d/x is full, so nothing can be saved. Make room, then try again.',
    ],
    [sqlite(extended(13)), 'data.full', 'full'],
    [system('ENOSPC'), 'data.full', 'full'],
    [system('EDQUOT'), 'data.full', 'full'],
    [
      sqlite(11),
      'store.damaged',
      'The database /d/x is damaged. Start Gantry again: it will restore the last good backup.',
    ],
    [sqlite(extended(11)), 'store.damaged', 'damaged'],
    [sqlite(26), 'store.damaged', 'damaged'],
    [sqlite(5), 'data.unwritable', '/d/x is held by another program'],
    [sqlite(extended(5)), 'data.unwritable', 'held'],
    [sqlite(8), 'data.unwritable', '/d/x cannot be read or written. Check the folder and the disk.'],
    [sqlite(10), 'data.unwritable', 'cannot'],
    [sqlite(extended(10)), 'data.unwritable', 'cannot'],
    [sqlite(14), 'data.unwritable', 'cannot'],
    ...['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOTDIR', 'EEXIST', 'EIO'].map(
      code => [system(code), 'data.unwritable', 'cannot'] as const,
    ),
    [sqlite(2067), 'store.conflict', 'There is one of these already.'],
    [sqlite(1555), 'store.conflict', 'already'],
  ] as const)('%o is %s', (thrown, code, sentence) => {
    const told = toStoreError(thrown, '/d/x')
    expect(told).toBeInstanceOf(GantryError)
    expect(told).toMatchObject({
      code,
      message: expect.stringContaining(sentence),
      details: { file: '/d/x' },
      cause: thrown,
    })
  })

  it.each([
    // A foreign key that is not kept, and a column that must not be empty: mistakes of ours.
    sqlite(787),
    sqlite(1299),
    sqlite(undefined),
    sqlite('13'),
    system('ENOENT'),
    new Error('anything'),
    'a word',
    undefined,
    { errcode: 13 },
    { code: 'ENOSPC' },
    new GantryError('data.full', 'told already'),
  ])('%o stays what it is', thrown => {
    expect(toStoreError(thrown, '/d/x')).toBe(thrown)
  })

  it('is told as damage or as somebody else’s turn by every form of the code', () => {
    expect([11, 26, 267, 5, 13].map(code => isDamage(sqlite(code)))).toEqual([true, true, true, false, false])
    expect([5, 261, 517, 11, 6].map(code => isBusy(sqlite(code)))).toEqual([true, true, true, false, false])
    expect([isDamage(undefined), isBusy(new Error('busy'))]).toEqual([false, false])
  })
})
