/** What the work throws, for a test to look at; undefined when it throws nothing. */
export function catchFrom(work: () => unknown): unknown {
  try {
    work()
  } catch (thrown) {
    return thrown
  }
  return undefined
}
