const cardLink = '[data-card]'
const sameRowPx = 4

/** Arrows move from card to card as they stand on the screen, Space presses the one button of a card. */
export function onWallKey(event: KeyboardEvent): void {
  const { target, currentTarget, key } = event
  if (!(target instanceof HTMLElement && currentTarget instanceof HTMLElement)) return
  // On a button or in a field the keys mean what they mean there.
  if (!target.matches(cardLink)) return
  if (key === ' ') {
    event.preventDefault()
    target.closest('li, tr')?.querySelector<HTMLElement>('[data-one-button]')?.click()
    return
  }
  const links = [...currentTarget.querySelectorAll<HTMLElement>(cardLink)]
  const next = nextOf(links, links.indexOf(target), key)
  if (next === undefined) return
  event.preventDefault()
  next.focus()
}

function nextOf(links: readonly HTMLElement[], here: number, key: string): HTMLElement | undefined {
  switch (key) {
    case 'ArrowRight':
      return links[here + 1]
    case 'ArrowLeft':
      return links[here - 1]
    case 'Home':
      return links[0]
    case 'End':
      return links.at(-1)
    case 'ArrowDown':
      return inNextRow(links, here, 1)
    case 'ArrowUp':
      return inNextRow(links, here, -1)
    default:
      return undefined
  }
}

/** The card above or below: the nearest sideways in the first row that is not this one. */
function inNextRow(links: readonly HTMLElement[], here: number, way: 1 | -1): HTMLElement | undefined {
  const boxes = links.map(link => link.getBoundingClientRect())
  const own = boxes[here]
  if (own === undefined) return undefined
  let found: number | undefined
  for (let index = here + way; index >= 0 && index < links.length; index += way) {
    const box = boxes[index]
    const row = found === undefined ? undefined : boxes[found]
    if (box === undefined || Math.abs(box.top - own.top) <= sameRowPx) continue
    if (row !== undefined && Math.abs(box.top - row.top) > sameRowPx) break
    if (row === undefined || Math.abs(box.left - own.left) < Math.abs(row.left - own.left)) found = index
  }
  return found === undefined ? undefined : links[found]
}
