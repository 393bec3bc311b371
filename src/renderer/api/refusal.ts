import type { Refusal } from '@contract/client.ts'
import { isErrorCode } from '@contract/error.ts'
import type { Failure } from '../gotapi-client/index.ts'

/** A failure as a page knows it. The code of an engine that knows more of them than this page says nothing here. */
export const toRefusal = ({ errorCode, errorMessage, reason, reasonParams }: Failure): Refusal => ({
  result: 1,
  errorCode,
  errorMessage,
  ...(isErrorCode(reason) && { reason, ...(reasonParams && { reasonParams }) }),
})
