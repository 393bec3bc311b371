export interface HostAction {
  readonly verb: string
  readonly argument: string
}

/** `//action:prompt_begin Filament runout` and the spelling with a space after the slashes. */
export function parseAction(line: string): HostAction | undefined {
  const match = /^\/\/\s*action:\s*(\w+)\s*(.*)$/i.exec(line)
  return match?.[1] === undefined
    ? undefined
    : { verb: match[1].toLowerCase(), argument: (match[2] ?? '').trim() }
}

/** A question of the firmware, with one answer per button, in its own order. */
export interface Prompt {
  readonly text: string
  readonly buttons: readonly string[]
  readonly shown: boolean
}

/** The dialog after one more action line: the same object when the line does not concern it. */
export function nextPrompt(prompt: Prompt | undefined, action: HostAction): Prompt | undefined {
  switch (action.verb) {
    case 'prompt_begin':
      return { text: action.argument, buttons: [], shown: false }
    case 'prompt_button':
    case 'prompt_choice':
      return prompt && { ...prompt, buttons: [...prompt.buttons, action.argument] }
    case 'prompt_show':
      return prompt && { ...prompt, shown: true }
    case 'prompt_end':
      return undefined
    default:
      return prompt
  }
}
