/** What we use of Electron's dialogs: a sentence, its details, buttons; the answer is the button's place. */
export interface Questions {
  showMessageBox(question: {
    type: 'question' | 'warning'
    message: string
    detail: string
    buttons: string[]
    defaultId: number
    cancelId: number
    noLink: boolean
  }): Promise<{ readonly response: number }>
}
