/** Two slips of the finger may be meant; more is another word. */
const mostSlips = 2

/** The known word somebody most likely meant, when they mistyped one. */
export function nearestWord(given: string, known: readonly string[]): string | undefined {
  const plain = simplify(given)
  const [best] = known
    .map(word => ({ word, slips: countSlips(plain, simplify(word)) }))
    .filter(({ word, slips }) => slips <= Math.min(mostSlips, Math.floor(word.length / 3)))
    .sort((a, b) => a.slips - b.slips)
  return best?.word
}

const simplify = (word: string) => word.toLowerCase().replace(/[-_]/g, '')

/** Damerau's distance: a letter missing, too many, wrong, or two swapped each count one. */
function countSlips(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)]
  const at = (row: number, column: number) => rows[row]?.[column] ?? 0
  for (let row = 1; row <= from.length; row++) {
    const line = [row]
    rows.push(line)
    for (let column = 1; column <= to.length; column++) {
      const wrong = from[row - 1] === to[column - 1] ? 0 : 1
      const isSwap =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      line[column] = Math.min(
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        at(row - 1, column - 1) + wrong,
        isSwap ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
      )
    }
  }
  return at(from.length, to.length)
}
