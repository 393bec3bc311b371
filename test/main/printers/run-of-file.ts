import type { RunKeeper } from '../../../src/main/printers/driver/run-keeper.ts'

/** For readers whose host is not there to be asked: a run is its file. */
export const runOfFile: RunKeeper = { of: ({ file }) => file, named() {}, none() {}, stop() {} }
