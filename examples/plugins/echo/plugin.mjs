// The smallest plug-in: it answers every request with the message it was sent.
// docs/writing-a-plug-in.md walks through it line by line.

export function start(port) {
  port.on('message', message => {
    // Only requests have a code. Everything else tells about the life of the host and needs no answer.
    if (message.requestCode === undefined) return
    port.send({ action: 'RESPONSE', requestCode: message.requestCode, ...answer(message) })
  })
}

function answer(message) {
  // Gantry asks for our services now and then; ours are always those in plugin.json, which is what code 2 says.
  // The same answer to "let this application in?" says that we leave that to Gantry.
  if (message.profile !== 'echo')
    return { result: 1, errorCode: 2, errorMessage: 'Only echo is served here.' }
  const { msg } = message.params
  if (msg === undefined)
    return { result: 1, errorCode: 10, errorMessage: 'Say something: the parameter "msg" is missing.' }
  return { result: 0, data: msg }
}
