// Loaded before a program of Gantry's: a mistake that nobody catches, at the test's signal.
process.on('SIGUSR2', () => {
  setImmediate(() => {
    throw new Error('thrown by a test')
  })
})
