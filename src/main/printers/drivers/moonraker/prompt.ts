import type { Prompt } from '../../../contract/printer.ts'

/** A dialog as Klipper's macros write it, line by line: `// action:prompt_begin Load filament`. */
export interface PromptDraft {
  readonly title: string
  readonly texts: readonly string[]
  readonly buttons: readonly { readonly label: string; readonly gcode: string }[]
  readonly shown: boolean
}

export const noPrompt: PromptDraft = { title: '', texts: [], buttons: [], shown: false }

/** undefined: the line is no business of a dialog. */
export function readPromptLine(draft: PromptDraft, line: string): PromptDraft | undefined {
  const found = /^\/\/\s*action:prompt_(\w+)\s*(.*)$/.exec(line)
  if (found === null) return undefined
  const [, verb = '', rest = ''] = found
  switch (verb) {
    case 'begin':
      return { ...noPrompt, title: rest }
    case 'text':
      return { ...draft, texts: [...draft.texts, rest] }
    case 'button':
    case 'footer_button': {
      // `Continue|RESUME|primary`: what it says, what it sends, how it looks.
      const [label = '', gcode = label] = rest.split('|')
      return { ...draft, buttons: [...draft.buttons, { label, gcode }] }
    }
    case 'show':
      return { ...draft, shown: true }
    case 'end':
      return noPrompt
    default:
      return draft
  }
}

export function promptOf({ title, texts, buttons, shown }: PromptDraft): Prompt | undefined {
  if (!shown) return undefined
  return {
    id: 'prompt',
    text: [title, ...texts].join('\n').trim(),
    buttons: buttons.map(({ label }) => label),
  }
}
