import { describe, expect, it } from 'vitest'
import { parseManifest } from '../../../src/main/plugin-host/manifest.ts'

const good = {
  id: 'lamp',
  name: 'Lamp',
  version: '1.2.3',
  main: 'src/plugin.mjs',
  services: [{ serviceId: 'desk', name: 'Desk lamp', online: true, scopes: ['light'] }],
  profiles: { light: { swagger: '2.0', info: { title: 'Light', version: '1' }, paths: { '/light': {} } } },
}
const parse = (change: object) =>
  parseManifest(JSON.stringify({ ...good, ...change }), 'lamp', ['settings', 'plugins'])

describe('a manifest', () => {
  it('is taken when it is right', () => {
    expect(parse({})).toMatchObject({ id: 'lamp', protocol: 'gantry', services: [{ localId: 'desk' }] })
  })

  it.each<[string, object, string]>([
    ['another id than its folder', { id: 'lamp2' }, 'id: the folder is called "lamp", the plug-in "lamp2"'],
    ['an id that would break service ids', { id: 'la.mp' }, 'id: small letters'],
    ['a main outside its folder', { main: '../other/plugin.mjs' }, 'main: a .js file in the folder'],
    ['an absolute main', { main: '/etc/plugin.mjs' }, 'main: a .js file in the folder'],
    ['a main that climbs in the middle', { main: 'a/../../b.mjs' }, 'main: a .js file in the folder'],
    ['no profile', { profiles: {} }, 'profiles: at least one profile'],
    ['a profile that is not described', { profiles: { light: {} } }, 'profiles.light.swagger'],
    [
      'a profile of GotAPI itself',
      { profiles: { System: good.profiles.light }, services: [] },
      'profiles.System: Gantry serves this',
    ],
    [
      'a profile of Gantry itself',
      { profiles: { Plugins: good.profiles.light }, services: [] },
      'profiles.Plugins: Gantry serves this',
    ],
    ['a method as a profile', { profiles: { get: good.profiles.light }, services: [] }, 'profiles.get'],
    [
      'a service of a profile it has not',
      { services: [{ serviceId: 'x', name: 'X', online: true, scopes: ['sound'] }] },
      'services.x: "sound"',
    ],
    [
      'a service without an id',
      { services: [{ name: 'X', online: true }] },
      'services.0.serviceId: a service needs an id',
    ],
    ['a version in words', { version: 'latest' }, 'version: three numbers'],
    ['a word nobody knows', { author: 'me' }, 'author'],
    ['no name', { name: ' ' }, 'name'],
  ])('with %s keeps the plug-in out and says so', (_what, change, sentence) => {
    expect(() => parse(change)).toThrow(
      expect.objectContaining({ code: 'plugin.invalid', message: expect.stringContaining(sentence) }),
    )
  })

  it('names everything that is wrong at once', () => {
    expect(() => parse({ version: 'x', main: 'x', name: '' })).toThrow(/main.*|version/)
    try {
      parse({ version: 'x', main: 'x', name: '' })
    } catch (thrown) {
      expect(thrown).toMatchObject({ details: { problems: expect.objectContaining({ length: 3 }) } })
    }
  })
})
