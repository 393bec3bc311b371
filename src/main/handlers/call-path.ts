/** gotapi 3.2: where a call goes. Names as the caller wrote them; `key` is what they are compared by. */
export interface CallPath {
  readonly profile: string
  readonly interface?: string
  readonly attribute?: string
  /** `profile[/interface][/attribute]` in lower case. */
  readonly key: string
}

interface Names {
  readonly profile: string
  readonly interface?: string | undefined
  readonly attribute?: string | undefined
}

/** A name that is empty counts as none: clients in the field send such. */
export function callPath({ profile, interface: part, attribute }: Names): CallPath {
  const hasPart = part !== undefined && part !== ''
  const hasAttribute = attribute !== undefined && attribute !== ''
  const names = [profile, ...(hasPart ? [part] : []), ...(hasAttribute ? [attribute] : [])]
  return {
    profile,
    ...(hasPart && { interface: part }),
    ...(hasAttribute && { attribute }),
    key: names.join('/').toLowerCase(),
  }
}
