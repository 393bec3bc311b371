/** Every word by which this server says no, with its HTTP status. See docs/contents-server.md. */
const statuses = /** @type {const} */ ({
  'request-invalid': 400,
  'login-wrong': 401,
  'session-unknown': 401,
  'token-unknown': 401,
  'token-other': 403,
  'not-found': 404,
  'nothing-selected': 409,
  'token-used': 409,
  'token-expired': 410,
  'too-large': 413,
  'too-often': 429,
})

/** @typedef {keyof typeof statuses} RefusalWord */

export class Refusal extends Error {
  /**
   * @param {RefusalWord} word
   * @param {string} message
   */
  constructor(word, message) {
    super(message)
    this.word = word
    this.status = statuses[word]
  }
}
