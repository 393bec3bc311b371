/** How the next line of a file is to be read, and what it takes for granted: what a pause must put back. */
export interface ModalState {
  readonly relative: boolean
  readonly relativeE: boolean
  readonly feedMmPerMin: number | undefined
  /** The tool the file chose last. */
  readonly tool: number | undefined
  /** The last command for each fan it switched. */
  readonly fans: Readonly<Record<string, string>>
}

export const startModal: ModalState = {
  relative: false,
  relativeE: false,
  feedMmPerMin: undefined,
  tool: undefined,
  fans: {},
}

const ZERO = 0x30
const ONE = 0x31
const EIGHT = 0x38
const NINE = 0x39
const modes = /^(?:G0*9([01])|M0*8([23]))(?:\s|$)/i
const feed = /^G0*[0-3]\s.*?F\s*(\d+(?:\.\d+)?)/i
const toolChange = /^T(\d+)(?:\s|$)/i
const fan = /^M10[67](?:\s|$)/i

/** Marlin's G90 and G91 mean all axes, the filament included; M82 and M83 mean the filament alone. */
export function nextModal(state: ModalState, command: string): ModalState {
  // Nearly every line is a G0 or G1 and changes no mode.
  const second = command.charCodeAt(1)
  const first = command.charCodeAt(0)
  if (first === 0x54 || first === 0x74) {
    const tool = toolChange.exec(command)?.[1]
    return tool === undefined ? state : { ...state, tool: Number(tool) }
  }
  const mode = second === ZERO || second === NINE || second === EIGHT ? modes.exec(command) : null
  if (mode) {
    if (mode[1] !== undefined) return { ...state, relative: mode[1] === '1', relativeE: mode[1] === '1' }
    return { ...state, relativeE: mode[2] === '3' }
  }
  if (second === ONE && (first === 0x4d || first === 0x6d) && fan.test(command)) {
    const which = /\sP\s*(\d+)/i.exec(command)?.[1] ?? '0'
    return { ...state, fans: { ...state.fans, [which]: command } }
  }
  if (!command.includes('F') && !command.includes('f')) return state
  const feedMmPerMin = Number(feed.exec(command)?.[1])
  return feedMmPerMin > 0 && feedMmPerMin !== state.feedMmPerMin ? { ...state, feedMmPerMin } : state
}
