/**
 * The plug-in host: GotAPI-4. It runs plug-ins – built-in ones in this process, strangers' ones each in a process
 * of its own – and gives the GotAPI server one answer for every call, whatever a plug-in does. It is not for
 * deciding who may call (that is `gotapi`) and knows no profile of its own.
 */
export type { BuiltInPlugin, PluginSwitches } from './catalogue.ts'
export { createPluginHost, type PluginHost, type PluginHostDeps } from './host.ts'
export type { BuiltInManifest } from './manifest.ts'
export { createPluginSwitches } from './plugin-switches.ts'
export type { PluginRecord } from './record.ts'
export type {
  Caller,
  Payload,
  PluginSummary,
  ServiceAction,
  ServiceAnswer,
  ServiceCall,
  ServiceEntry,
  ServiceEvent,
  ServiceHost,
  ServiceInformation,
  ServicePath,
} from './service-host.ts'
