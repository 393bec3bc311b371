/** What a firmware says about its memory card. */
export type CardReply =
  | { readonly kind: 'card-state'; readonly present: boolean }
  | { readonly kind: 'card-list'; readonly part: 'begin' | 'end' }
  | { readonly kind: 'card-opened'; readonly name: string; readonly sizeBytes: number }
  | { readonly kind: 'card-refused'; readonly text: string }
  | { readonly kind: 'card-progress'; readonly atByte: number; readonly sizeBytes: number }
  | { readonly kind: 'card-idle' }
  | { readonly kind: 'card-paused' }
  | { readonly kind: 'card-done' }
  /** Which file is open; none where the name is absent. */
  | { readonly kind: 'card-file'; readonly name?: string }
  | { readonly kind: 'card-writing'; readonly name: string }
  | { readonly kind: 'card-written' }
  | { readonly kind: 'card-started'; readonly command: string }

export function parseCard(line: string): CardReply | undefined {
  return progress(line) ?? opened(line) ?? current(line) ?? writing(line) ?? started(line) ?? fixed(line)
}

/** `SD printing byte 123/4567`; `0/0` is how some firmwares say that nothing runs. */
function progress(line: string): CardReply | undefined {
  const match = /SD printing byte (\d+)\/(\d+)/i.exec(line)
  if (!match) return undefined
  const [atByte, sizeBytes] = [Number(match[1]), Number(match[2])]
  return sizeBytes === 0 ? { kind: 'card-idle' } : { kind: 'card-progress', atByte, sizeBytes }
}

/** `File opened: X.GCO Size: 123` */
function opened(line: string): CardReply | undefined {
  const match = /File opened:\s*(.+?)\s+Size:\s*(\d+)/i.exec(line)
  return match?.[1] === undefined
    ? undefined
    : { kind: 'card-opened', name: match[1], sizeBytes: Number(match[2]) }
}

/** `Current file: cube.gco Long name.gcode`, `Current file: (no file)` */
function current(line: string): CardReply | undefined {
  const match = /^Current file:\s*(\(no file\)|\S+)/i.exec(line)
  if (match?.[1] === undefined) return undefined
  return match[1].startsWith('(') ? { kind: 'card-file' } : { kind: 'card-file', name: match[1] }
}

/** `Writing to file: x.gco` */
function writing(line: string): CardReply | undefined {
  const match = /Writing to file:\s*(\S.*)$/i.exec(line)
  return match?.[1] === undefined ? undefined : { kind: 'card-writing', name: match[1] }
}

/** `echo:enqueueing "M24"`, with the spelling of older builds: somebody started a print at the panel. */
function started(line: string): CardReply | undefined {
  const match = /enqueu?e?ing "(M2[34][^"]*)"/i.exec(line)
  return match?.[1] === undefined ? undefined : { kind: 'card-started', command: match[1] }
}

const sentences: readonly (readonly [RegExp, CardReply])[] = [
  [/^(?:echo:\s*)?(?:SD card ok|Card successfully initialized)/i, { kind: 'card-state', present: true }],
  [
    /SD init fail|volume\.init failed|openRoot failed|^(?:echo:)?\s*No (?:SD card|media)|SD card released|SD card unmounted/i,
    { kind: 'card-state', present: false },
  ],
  [/^Begin file list/i, { kind: 'card-list', part: 'begin' }],
  [/^End file list/i, { kind: 'card-list', part: 'end' }],
  [/^(?:echo:)?\s*Not SD printing/i, { kind: 'card-idle' }],
  [/^(?:echo:)?\s*SD print (?:is )?paused/i, { kind: 'card-paused' }],
  [/^(?:echo:)?\s*Done printing file/i, { kind: 'card-done' }],
  [/^(?:echo:)?\s*Done saving file/i, { kind: 'card-written' }],
]

function fixed(line: string): CardReply | undefined {
  if (/open failed|error writing to file|cannot open/i.test(line)) return { kind: 'card-refused', text: line }
  return sentences.find(([pattern]) => pattern.test(line))?.[1]
}

export interface CardFile {
  readonly path: string
  readonly name: string
  readonly sizeBytes: number
}

/** `NAME~1.GCO 14129 0x5515758F Long name.gcode`, the long name with or without quotes, size and time optional. */
export function parseCardFile(line: string): CardFile | undefined {
  const match = /^(\S+\.\w+)(?:\s+(\d+))?(?:\s+0x[0-9a-f]+)?(?:\s+"?([^"]*?)"?)?\s*$/i.exec(line.trim())
  if (match?.[1] === undefined) return undefined
  return { path: match[1], name: match[3] || match[1], sizeBytes: Number(match[2] ?? 0) }
}
