/**
 * A table of the sandbox's world.
 *
 * Its methods are synchronous on purpose: what a handler checks and then writes happens in one step, so that no other
 * request comes between.
 *
 * @since 0.1.0
 */

/**
 * Rows by id, in the order in which they were first put. Rows are replaced, never changed.
 *
 * @since 0.1.0
 * @category models
 */
export interface Table<Row extends { readonly id: string }> {
  readonly all: () => ReadonlyArray<Row>
  readonly where: (is: (row: Row) => boolean) => ReadonlyArray<Row>
  readonly find: (is: (row: Row) => boolean) => Row | undefined
  readonly get: (id: string) => Row | undefined
  readonly put: (row: Row) => Row
  readonly remove: (id: string) => boolean
  readonly removeWhere: (is: (row: Row) => boolean) => ReadonlyArray<Row>
}

/**
 * Makes an empty table.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = <Row extends { readonly id: string }>(): Table<Row> => {
  const rows = new Map<string, Row>()
  const all = () => [...rows.values()]
  const where = (is: (row: Row) => boolean) => {
    const found: Array<Row> = []
    for (const row of rows.values()) if (is(row)) found.push(row)
    return found
  }
  const find = (is: (row: Row) => boolean) => {
    for (const row of rows.values()) if (is(row)) return row
    return undefined
  }
  return {
    all,
    where,
    find,
    get: (id) => rows.get(id),
    put: (row) => {
      rows.set(row.id, row)
      return row
    },
    remove: (id) => rows.delete(id),
    removeWhere: (is) => {
      const removed = where(is)
      for (const row of removed) rows.delete(row.id)
      return removed
    }
  }
}
