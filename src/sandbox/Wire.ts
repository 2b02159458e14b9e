/**
 * From rows to Habu's JSON.
 *
 * @since 0.1.0
 */
import type * as Rows from "./Rows.js"

type Given<A> =
  & { [K in keyof A as undefined extends A[K] ? never : K]: A[K] }
  & { [K in keyof A as undefined extends A[K] ? K : never]?: Exclude<A[K], undefined> }

/**
 * Leaves out what is undefined.
 *
 * @since 0.1.0
 * @category combinators
 */
export const given = <const A extends object>(fields: A): Given<A> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<A>

/**
 * A time as Habu writes it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const time = (millis: number): string => new Date(millis).toISOString()

/**
 * A date as Habu writes it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const date = (millis: number): string => time(millis).slice(0, 10)

/**
 * When a row was made and last changed.
 *
 * @since 0.1.0
 * @category combinators
 */
export const timeAudit = (row: { readonly createdAt: number; readonly updatedAt: number }) => ({
  createdAt: time(row.createdAt),
  updatedAt: time(row.updatedAt)
})

/**
 * A person as the contract's `User`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const user = (person: Rows.Person) => ({ id: person.id, name: person.name, email: person.email })

/**
 * One page of a list. A limit that is no whole number from 1 to `most` is brought into that range.
 *
 * @since 0.1.0
 * @category combinators
 */
export const page = <A>(
  rows: ReadonlyArray<A>,
  asked: { readonly limit?: number; readonly offset?: number },
  standard: { readonly limit: number; readonly most?: number }
): ReadonlyArray<A> => {
  const limit = Math.min(Math.max(asked.limit ?? standard.limit, 1), standard.most ?? Number.POSITIVE_INFINITY)
  const offset = Math.max(asked.offset ?? 0, 0)
  return rows.slice(offset, offset + limit)
}
