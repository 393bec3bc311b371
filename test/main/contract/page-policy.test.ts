import { describe, expect, it } from 'vitest'
import { pageHeaders } from '../../../src/main/contract/page-policy.ts'

describe('the policy of Gantry’s own pages', () => {
  it('starts from nothing and lets in no inline script, no eval and no other origin', () => {
    const policy = pageHeaders()['content-security-policy'] ?? ''
    expect(policy).toMatch(/^default-src 'none'/)
    expect(policy).toContain("script-src 'self';")
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|https?:|\*/)
    expect(policy).toContain("frame-ancestors 'none'")
  })

  it('adds the sockets it is told of to what the page may connect to, and to nothing else', () => {
    const policy = pageHeaders(['ws://127.0.0.1:4035'])['content-security-policy'] ?? ''
    expect(policy.split('; ').filter(part => part.includes('ws:'))).toEqual([
      "connect-src 'self' ws://127.0.0.1:4035",
    ])
  })

  it('lets a page’s own requests say where they come from', () => {
    expect(pageHeaders()['referrer-policy']).toBe('same-origin')
  })
})
