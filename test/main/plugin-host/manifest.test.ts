import { describe, expect, it } from 'vitest'
import { parseManifest, pluginService } from '../../../src/main/plugin-host/manifest.ts'

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
    expect(() => parse({ version: 'x', main: 'x', name: '' })).toThrow(/name: .+; version: .+; main: /)
    try {
      parse({ version: 'x', main: 'x', name: '' })
    } catch (thrown) {
      expect(thrown).toMatchObject({ details: { problems: expect.objectContaining({ length: 3 }) } })
    }
  })

  const described = (name: string) => ({ profiles: { [name]: good.profiles.light }, services: [] })

  it.each<[string, object]>([
    ['the shortest id', { id: 'la' }],
    ['the longest id', { id: `l${'a-1'.repeat(13)}` }],
    ['the longest name', { name: 'x'.repeat(80) }],
    ['blanks around its name', { name: ` ${'x'.repeat(80)} ` }],
    ['much to say', { about: 'x'.repeat(500), manufacturer: 'x'.repeat(200) }],
    ['a version before its time', { version: '10.20.30-beta.1+build' }],
    ['a version of a build', { version: '1.0.0+5' }],
    ['a program in a folder', { main: 'a/b-c/d_e.f.cjs' }],
    ['a program of plain JavaScript', { main: 'index.js' }],
    ['a program whose name begins with dots', { main: '..a/...b.js' }],
    ['the longest name of a profile', described('Ab-_.9'.repeat(10))],
    ['a service without scopes', { services: [{ id: 'x', name: 'X', online: false }] }],
    [
      'a service of its profile in other case',
      { services: [{ id: 'x', name: 'X', online: true, scopes: ['LIGHT'] }] },
    ],
    ['the protocol of node-gotapi', { protocol: 'node-gotapi' }],
    ['more said of a profile', { profiles: { light: { ...good.profiles.light, host: 'x' } } }],
  ])('with %s is taken', (_what, change) => {
    const { id = 'lamp' } = change as { id?: string }
    expect(() => parseManifest(JSON.stringify({ ...good, ...change }), id, [])).not.toThrow()
  })

  it.each<[string, object, string]>([
    ['an id of one letter', { id: 'l' }, 'id: small letters'],
    ['an id of 41', { id: 'l'.repeat(41) }, 'id: small letters'],
    ['an id that begins with a digit', { id: '1lamp' }, 'id: small letters'],
    ['an id with a capital', { id: 'Lamp' }, 'id: small letters'],
    ['an id with more behind it', { id: 'lamp ' }, 'id: small letters'],
    ['an id with more before it', { id: ' lamp' }, 'id: small letters'],
    ['a name of 81', { name: 'x'.repeat(81) }, 'name'],
    ['too much to say', { about: 'x'.repeat(501) }, 'about'],
    ['a maker of 201', { manufacturer: 'x'.repeat(201) }, 'manufacturer'],
    ['a version of two numbers', { version: '1.0' }, 'version: three numbers'],
    ['a version with more before it', { version: 'v1.0.0' }, 'version: three numbers'],
    ['a version with more behind it', { version: '1.0.0 ' }, 'version: three numbers'],
    ['a version that ends with its sign', { version: '1.0.0-' }, 'version: three numbers'],
    ['a version with words in it', { version: '1.0.0-a b' }, 'version: three numbers'],
    ['a program of another kind', { main: 'plugin.ts' }, 'main: a .js file'],
    ['a program with more behind it', { main: 'plugin.mjs.sh' }, 'main: a .js file'],
    ['a program with a blank', { main: 'my plugin.mjs' }, 'main: a .js file'],
    ['a program that climbs at once', { main: '..' }, 'main: a .js file'],
    ['a program behind a dot folder', { main: './plugin.mjs' }, 'main: a .js file'],
    ['a program on another drive', { main: 'C:\\plugin.mjs' }, 'main: a .js file'],
    ['an empty folder in its path', { main: 'a//plugin.mjs' }, 'main: a .js file'],
    ['a protocol nobody speaks', { protocol: 'soap' }, 'protocol'],
    ['a profile of 61', described('x'.repeat(61)), 'profiles'],
    ['a profile with a slash', described('a/b'), 'profiles'],
    [
      'a profile without a title',
      { profiles: { light: { ...good.profiles.light, info: { version: '1' } } } },
      'title',
    ],
    [
      'a path that is none',
      { profiles: { light: { ...good.profiles.light, paths: { light: {} } } } },
      'profiles.light.paths',
    ],
    [
      'another edition of Swagger',
      { profiles: { light: { ...good.profiles.light, swagger: '3.0' } } },
      'swagger',
    ],
    [
      'more services than any plug-in has',
      { services: Array.from({ length: 201 }, (_, n) => ({ id: `s${n}`, name: 'S', online: true })) },
      'services',
    ],
  ])('with %s is not', (_what, change, sentence) => {
    const { id = 'lamp' } = change as { id?: string }
    expect(() => parseManifest(JSON.stringify({ ...good, ...change }), id, [])).toThrow(
      expect.objectContaining({ code: 'plugin.invalid', message: expect.stringContaining(sentence) }),
    )
  })

  it.each([
    'GET',
    'put',
    'post',
    'delete',
    'authorization',
    'availability',
    'serviceDiscovery',
    'networkServiceDiscovery',
    'serviceinformation',
    'system',
    'websocket',
    'ALL',
    'Settings',
  ])('that claims the profile %s is not, as Gantry serves it itself', name => {
    expect(() => parse(described(name))).toThrow(`profiles.${name}: Gantry serves this profile itself`)
  })

  it.each<[string, string]>([
    ['{', 'plugin.json: not JSON ('],
    ['[]', 'plugin.json: '],
    ['null', 'plugin.json: '],
  ])('of %s is not', (text, sentence) => {
    expect(() => parseManifest(text, 'lamp', [])).toThrow(`lamp/plugin.json is not right: ${sentence}`)
  })
})

describe('a service, in the words of its plug-in', () => {
  const service = { id: 'desk', name: 'Desk', online: true }
  const read = (change: object) => pluginService.safeParse({ ...service, ...change })

  it.each<[string, object]>([
    ['every letter a client accepts', { id: 'aZ09_.:*+-' }],
    ['the longest id', { id: 'x'.repeat(100) }],
    ['the longest name', { name: 'x'.repeat(200) }],
    ['as many scopes as may be', { scopes: Array(50).fill('light') }],
  ])('is taken with %s', (_what, change) => {
    expect(read(change).success).toBe(true)
  })

  it.each<[string, object]>([
    ['an empty id', { id: '' }],
    ['an id of 101', { id: 'x'.repeat(101) }],
    ['a slash in its id', { id: 'a/b' }],
    ['a blank before its id', { id: ' desk' }],
    ['a blank behind its id', { id: 'desk ' }],
    ['no name', { name: ' ' }],
    ['a name of 201', { name: 'x'.repeat(201) }],
    ['online in words', { online: 'yes' }],
    ['no scope in its list', { scopes: [] }],
    ['51 scopes', { scopes: Array(51).fill('light') }],
    ['a scope that is no name', { scopes: ['a b'] }],
    ['a scope of nothing', { scopes: [''] }],
  ])('is left out with %s', (_what, change) => {
    expect(read(change).success).toBe(false)
  })

  it('is known by id or by serviceId, by id first', () => {
    const names = [{}, { serviceId: 'other' }, { id: undefined, serviceId: 'other' }]
    expect(names.map(each => read(each).data?.localId)).toEqual(['desk', 'desk', 'other'])
  })

  it('loses a detail that makes no sense and stays', () => {
    const odd = { type: 'x'.repeat(51), config: 'x'.repeat(2_001), manufacturer: 'x'.repeat(201), version: 7 }
    expect(read(odd).data).toEqual({ ...service, localId: 'desk' })
    const good = {
      type: 'x'.repeat(50),
      config: 'x'.repeat(2_000),
      manufacturer: 'x'.repeat(200),
      version: '1',
    }
    expect(read(good).data).toEqual({ ...service, ...good, localId: 'desk' })
  })
})
