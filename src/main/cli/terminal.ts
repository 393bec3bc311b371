/** The person in front, as far as a command needs them. */
export interface Terminal {
  print(text: string): void
  complain(text: string): void
  /** Undefined where nobody can be asked: output into a pipe, a script. Its answer is undefined after Ctrl D or Ctrl C. */
  readonly ask?: ((question: string) => Promise<string | undefined>) | undefined
}

/** Columns as wide as what stands in them; the last one is left as it is. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)))
  return rows
    .map(row =>
      row
        .map((text, column) => (column === row.length - 1 ? text : text.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** `2030-01-31 14:05`, in the time of this machine. */
export function stamp(at: number): string {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}

/** `14:05:09`, for what is seconds away. */
export const timeOfDay = (at: number): string => new Date(at).toTimeString().slice(0, 8)

/** Names come from outside: what could move the cursor or colour the line is shown as a question mark. */
export function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?')
}
