import type { RouteResult } from '@contract/routes.ts'
import { findingTodo } from '../../i18n/en-doctor.ts'
import { type MessageKey, t, tell } from '../../i18n/index.ts'

export type Finding = RouteResult<'GET printerdoctor/report'>['findings'][number]
type WithTodo = keyof typeof findingTodo

const hasTodo = (code: string): code is WithTodo => code in findingTodo

/** What the doctor found, in the reader's words. */
export function findingText({ code, params, reason, why }: Finding): string {
  const key: MessageKey = `finding.${code}`
  return tell(key, {
    ...params,
    ...(reason && { reason: t(`linkReason.${reason}`) }),
    ...(why && { port: why.params.port ?? '', why: tell(`why.${why.code}`, why.params) }),
  })
}

/** What to do about it. */
export function findingHelp({ code, params, reason }: Finding): string | undefined {
  if (reason !== undefined) return t(`linkTodo.${reason}`)
  return hasTodo(code) ? tell(`findingTodo.${code}`, params) : undefined
}
