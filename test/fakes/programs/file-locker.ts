import { tryLockFile } from '../../../src/main/store/index.ts'

/** Says whether it got the lock on a file, and ends. */
const [, , file = ''] = process.argv
process.stdout.write((await tryLockFile(file)) ? 'free\n' : 'held\n', () => process.exit(0))
