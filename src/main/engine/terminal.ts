interface Output {
  on(name: 'error', listener: (thrown: Error) => void): unknown
  write(text: string): unknown
}

/** Whoever started Gantry from a terminal reads there. */
export interface Terminal {
  print(text: string): void
  complain(sentence: string): void
}

export function createTerminal({
  stdout,
  stderr,
}: {
  readonly stdout: Output
  readonly stderr: Output
}): Terminal {
  // A terminal that was closed, a pipe nobody reads (EPIPE, EIO): what is said there is lost, and nothing else.
  for (const output of [stdout, stderr]) output.on('error', () => undefined)
  return {
    print: text => void stdout.write(`${text}\n`),
    complain: sentence => void stderr.write(`gantry: ${sentence}\n`),
  }
}
