// Every way a call can fail, in words for the person in front of the page: what is wrong, what it means, what to do.
// The numbers are those of GotAPI, so this works with any server that speaks it.

const sentences = {
  '-2': 'This is not the Gantry you paired with: what answers cannot prove that it is. Nothing it says is shown. Close other programs that may have taken its place, or forget this Gantry and ask again.',
  '-1': 'Gantry does not answer. Start it on this computer, then try again.',
  6: 'Gantry does not know this service any more. The plug-in behind it may have been removed.',
  7: 'The answer took too long. Try again in a moment.',
  11: 'Gantry’s owner said no, or did not answer in time. You can ask again.',
  12: 'The permission has run out. Ask for access again.',
  13: 'This page has no permission yet. Ask for access.',
  14: 'That was not part of what Gantry’s owner allowed this page. Tick it under “This page asks for” and ask again.',
  15: 'Gantry’s owner took the permission back. Ask for access again if you still need it.',
  16: 'There is nothing to show yet. Try again in a moment.',
  18: 'Gantry does not accept calls from this page’s address.',
  21: 'The plug-in behind this is switched off in Gantry, or is being started again.',
  22: 'The plug-in behind this cannot answer now. Try again in a moment.',
}

export function explain({ errorCode, errorMessage }) {
  return sentences[errorCode] ?? `Gantry could not do that: ${errorMessage || `error ${errorCode}`}`
}
