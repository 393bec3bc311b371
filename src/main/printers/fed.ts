import type { Snapshot } from '../contract/printer.ts'

/** Whoever prints what this machine feeds line by line: such a print ends with the machine. */
export function fedPrinters<Each extends { readonly snapshot: Snapshot }>(
  list: readonly Each[],
): readonly Each[] {
  return list.filter(({ snapshot }) => snapshot.feed?.live === true)
}
