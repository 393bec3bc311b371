import { describe, expect, it } from 'vitest'
import { describeProfile, describeProfiles } from '../../../src/main/handlers/api-description.ts'
import { profiles } from '../../../src/main/handlers/profiles.ts'
import { manifestSchema } from '../../../src/main/plugin-host/manifest.ts'

describe('the description of a profile', () => {
  it('gotapi 5.2: is a Swagger 2.0 document with every call, its parameters and its answer', () => {
    const { swagger, info, basePath, paths } = describeProfile('3dprinter', '1.2.3')
    expect({ swagger, info, basePath }).toEqual({
      swagger: '2.0',
      info: { title: '3dprinter', version: '1.2.3' },
      basePath: '/gotapi/3dprinter',
    })
    expect(Object.entries(paths).map(([path, calls]) => [path, Object.keys(calls)])).toEqual([
      ['/printer', ['get', 'put', 'delete']],
      ['/status', ['get', 'put', 'delete']],
      ['/queue', ['get']],
      ['/print', ['put', 'delete']],
      ['/contents', ['get']],
    ])
    expect(paths['/status']?.put).toMatchObject({
      'x-type': 'event',
      parameters: [
        { name: 'serviceId', in: 'query', required: true, type: 'string' },
        { name: 'interval', required: false, type: 'integer', description: 'ms between events' },
      ],
      responses: { 200: { schema: { properties: { status: {}, queue: {}, timeStamp: {} } } } },
    })
    expect(paths['/print']?.put).not.toHaveProperty('x-type')
  })

  it('gotapi 7.6: is what a manifest asks for, for every profile there is', () => {
    const all = profiles.map(({ name }) => [name, describeProfile(name, '1.0.0')] as const)
    const manifest = { id: 'all', name: 'All', version: '1.0.0', main: 'a.mjs' }
    expect(manifestSchema.parse({ ...manifest, profiles: Object.fromEntries(all) }).id).toBe('all')
    expect(all.every(([, { paths }]) => Object.keys(paths).length > 0)).toBe(true)
  })

  it('is written when somebody asks for it, once', () => {
    const described = describeProfiles(['system', 'printers'], '1')
    expect(Object.keys(described)).toEqual(['system', 'printers'])
    expect(described.system).toEqual(describeProfile('system', '1'))
    expect(described.system).toBe(described.system)
  })

  it('has a path for what is asked without an attribute', () => {
    expect(Object.keys(describeProfile('system', '1').paths)).toContain('/')
  })
})
