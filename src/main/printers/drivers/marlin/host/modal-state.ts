/** How the next line of a file is to be read: what a pause must put back before the file goes on. */
export interface ModalState {
  readonly relative: boolean
  readonly relativeE: boolean
  readonly feedMmPerMin: number | undefined
}

export const startModal: ModalState = { relative: false, relativeE: false, feedMmPerMin: undefined }

const ZERO = 0x30
const EIGHT = 0x38
const NINE = 0x39
const modes = /^(?:G0*9([01])|M0*8([23]))(?:\s|$)/i
const feed = /^G0*[0-3]\s.*?F\s*(\d+(?:\.\d+)?)/i

/** Marlin's G90 and G91 mean all axes, the filament included; M82 and M83 mean the filament alone. */
export function nextModal(state: ModalState, command: string): ModalState {
  // Nearly every line is a G0 or G1 and changes no mode.
  const second = command.charCodeAt(1)
  const mode = second === ZERO || second === NINE || second === EIGHT ? modes.exec(command) : null
  if (mode) {
    if (mode[1] !== undefined) return { ...state, relative: mode[1] === '1', relativeE: mode[1] === '1' }
    return { ...state, relativeE: mode[2] === '3' }
  }
  if (!command.includes('F') && !command.includes('f')) return state
  const feedMmPerMin = Number(feed.exec(command)?.[1])
  return feedMmPerMin > 0 && feedMmPerMin !== state.feedMmPerMin ? { ...state, feedMmPerMin } : state
}
