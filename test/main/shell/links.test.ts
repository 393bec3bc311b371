import { describe, expect, it } from 'vitest'
import { gotapiLinksIn } from '../../../src/main/shell/gotapi-links.ts'
import { createLinks, mayOpen } from '../../../src/main/shell/links.ts'
import { isOwnPage } from '../../../src/main/shell/own-page.ts'
import { shellWords } from '../../../src/main/shell/words.ts'
import { createFakePerson } from '../../fakes/electron.ts'
import { createLogRecorder } from '../../fakes/log.ts'

const hosts = ['github.com']
const allowed = 'https://github.com/somebody/something'
const turn = () => new Promise(resolve => setImmediate(resolve))

function setUp(...presses: number[]) {
  const opened: string[] = []
  const person = createFakePerson(...presses)
  const shell = { openExternal: async (url: string) => void opened.push(url) }
  return {
    person,
    opened,
    open: createLinks({
      hosts,
      dialog: person,
      shell,
      log: createLogRecorder().log,
      words: () => shellWords.en,
    }),
  }
}

describe('an address outside of Gantry', () => {
  it('is opened after the person has seen it and said yes', async () => {
    const { person, opened, open } = setUp(0)
    open(allowed)
    await turn()
    expect([person.questions[0]?.detail, opened]).toEqual([allowed, [allowed]])
  })

  it('is not opened after a no', async () => {
    const { opened, open } = setUp(1)
    open(allowed)
    await turn()
    expect(opened).toEqual([])
  })

  it('cannot be piled up by a page', async () => {
    const { person, open } = setUp(1, 1)
    open(allowed)
    open(allowed)
    await turn()
    open(allowed)
    await turn()
    expect(person.questions).toHaveLength(2)
  })

  it.each([
    'http://github.com/',
    'https://github.com.evil.example/',
    'https://evil.example/github.com',
    'https://github.com:8443/',
    'https://github.com@evil.example/',
    'https://user@github.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://github.com/',
    'gotapi://start/x',
    'not an address',
    '',
  ])('is refused without a question: %s', async url => {
    const { person, open } = setUp(0)
    open(url)
    await turn()
    expect([mayOpen(url, hosts), person.questions]).toEqual([false, []])
  })
})

describe('an address of Gantry', () => {
  it.each(['app://gantry/', 'app://gantry/index.html#/queue'])('is its own page: %s', url => {
    expect(isOwnPage(url)).toBe(true)
  })

  it.each([
    'app://gantry',
    'app://gantry.evil/',
    'app:/gantry/',
    'https://gantry/',
    'APP://gantry/',
    'app://gantry@evil/',
    '',
  ])('is not: %s', url => {
    expect(isOwnPage(url)).toBe(false)
  })
})

it('gotapi links are found among the words of a start, and monsters among them are not', () => {
  const link = 'gotapi://start/x?origin=http%3A%2F%2Fa&key=00'
  expect(
    gotapiLinksIn([
      '--demo',
      link,
      'GOTAPI://start/y',
      'gotapi:x',
      'file.gcode',
      `gotapi://${'x'.repeat(3000)}`,
    ]),
  ).toEqual([link, 'GOTAPI://start/y'])
})
