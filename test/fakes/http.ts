import { GantryError } from '../../src/main/contract/error.ts'
import { createFaultTeller } from '../../src/main/gotapi/index.ts'
import { createHttp, type Http } from '../../src/main/http/index.ts'

type HttpDeps = Parameters<typeof createHttp>[0]

/** Real listeners on free ports of this machine, with the words of GotAPI for what reaches no mount. */
export const createTestHttp = (deps: Pick<HttpDeps, 'clock' | 'logger' | 'dir'> & Partial<HttpDeps>): Http =>
  createHttp({
    port: 0,
    httpsPort: 0,
    hostNames: () => [],
    tellFault: createFaultTeller('1.2.3'),
    describeTakenPort: async port => new GantryError('port.taken', `Port ${port} is held.`),
    names: { addresses: () => [], names: () => [] },
    ...deps,
  })
