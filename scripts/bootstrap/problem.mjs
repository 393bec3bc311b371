/**
 * What stops the bootstrap and what a person can do about it, as one sentence. Nothing else than a problem is
 * ever shown without its stack, so a programming mistake stays visible as one.
 *
 * @typedef {'cancelled' | 'install' | 'build' | 'runtime' | 'integrity' | 'flags' | 'machine'} ProblemCode
 * @typedef {Error & { readonly problem: ProblemCode }} Problem
 */

/**
 * @param {ProblemCode} code
 * @param {string} sentence
 * @param {unknown} [cause]
 * @returns {Problem}
 */
export function problem(code, sentence, cause) {
  return Object.assign(new Error(sentence, { cause }), { problem: code })
}

/**
 * @param {unknown} error
 * @returns {error is Problem}
 */
export function isProblem(error) {
  return error instanceof Error && 'problem' in error
}

/** @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error)
}
