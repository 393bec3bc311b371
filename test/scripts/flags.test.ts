import { describe, expect, it } from 'vitest'
import { flagNames, helpText, parseFlags } from '../../scripts/bootstrap/flags.mjs'
import { configKeys, flagOf } from '../../src/main/engine/config.ts'

describe('the flags of npm start', () => {
  it('hands on what belongs to the program, one argument each', () => {
    expect(parseFlags(['--demo', '--port', '4135', '--data-dir=/a b/c=d'])).toEqual({
      headless: false,
      asks: undefined,
      forwarded: ['--demo', '--port=4135', '--data-dir=/a b/c=d'],
    })
  })

  it('are the ones the program knows, so that neither refuses what the other takes', () => {
    const own = flagNames.filter(name => name !== '--help' && name !== '--version')
    expect(own.toSorted()).toEqual(Object.keys(configKeys).map(flagOf).toSorted())
  })

  it('may switch something off', () => {
    expect(parseFlags(['--no-discovery'])).toMatchObject({ forwarded: ['--no-discovery'] })
    expect(parseFlags(['--no-headless'], { GANTRY_HEADLESS: 'true' })).toMatchObject({ headless: false })
    expect(parseFlags(['--no-port'])).toHaveProperty('refusal')
    expect(parseFlags(['--no-help'])).toHaveProperty('refusal')
  })

  it('can come from the environment where they decide what is started', () => {
    expect(parseFlags([], { GANTRY_HEADLESS: '1' })).toMatchObject({ headless: true })
  })

  it('keeps --headless to itself, as the headless entry is nothing else', () => {
    expect(parseFlags(['--headless'])).toEqual({ headless: true, asks: undefined, forwarded: [] })
  })

  it.each([
    [['--prot', '1'], /--prot is not a flag of Gantry: it knows --headless, --demo,/],
    [['4035'], /4035 is not a flag/],
    [['--toString'], /--toString is not a flag/],
    [['--demo=yes'], /--demo takes no value/],
    [['--port'], /--port needs a value: --port NUMBER/],
    [['--port='], /--port needs a value/],
    [['--data-dir', '--demo'], /--data-dir needs a value: --data-dir FOLDER/],
  ])('refuses %j with one sentence', (argv, sentence) => {
    expect(parseFlags(argv)).toEqual({ refusal: expect.stringMatching(sentence) })
  })

  it.each(['help', 'version'] as const)('answers --%s', asks => {
    expect(parseFlags([`--${asks}`])).toMatchObject({ asks })
  })

  it('describes every flag in its help', () => {
    for (const name of ['--headless', '--demo', '--data-dir FOLDER', '--port NUMBER', '--help', '--version'])
      expect(helpText()).toContain(name)
  })
})
