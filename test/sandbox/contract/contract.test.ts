/**
 * Walks the contract in sandboxes that keep to it, operation by operation: the good answer, and each error.
 *
 * Every good answer of the walk is checked against the published document, too.
 */
import { assert, describe, it } from "@effect/vitest"
import { type Operation, type OperationId, operations } from "./Document.js"
import { exceptions, tables } from "./tables.js"
import { proofsOf, type Table, walk } from "./Walk.js"

for (const [group, table] of Object.entries(tables)) walk(group, table)

const all: Table = Object.assign({}, ...Object.values(tables))

const proven = (name: OperationId) => {
  const row = all[name]
  return row === undefined ? [] : proofsOf(name, row).map(({ status }) => status)
}

const excepted = (operation: Operation) => exceptions.filter((item) => item.of(operation)).map(({ status }) => status)

describe("the walk", () => {
  it("goes through all 147 operations", () => {
    assert.lengthOf(operations, 147)
    assert.sameMembers(Object.keys(all), operations.map(({ id }) => id))
  })

  it("is filed by the groups of the contract", () => {
    for (const { group, id } of operations) assert.property(tables[group], id)
  })

  it("proves each status that the contract declares, but for those that cannot occur", () => {
    const missing = operations.flatMap((operation) => {
      const settled = [...proven(operation.id), ...excepted(operation)]
      return operation.statuses.filter((status) => !settled.includes(status)).map((status) =>
        `${status} ${operation.id}`
      )
    })
    assert.deepStrictEqual(missing, [])
  })

  it("excepts nothing that it proves", () => {
    const needless = operations.flatMap((operation) =>
      excepted(operation).filter((status) => proven(operation.id).includes(status))
        .map((status) => `${status} ${operation.id}`)
    )
    assert.deepStrictEqual(needless, [])
  })
})
