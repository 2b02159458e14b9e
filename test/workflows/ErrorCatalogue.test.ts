import { assert, describe, it } from "@effect/vitest"
import * as Operations from "../../src/habu/Operations.js"
import * as ErrorCatalogue from "../../src/workflows/ErrorCatalogue.js"
import * as Catalogue from "../../src/workflows/troubleshoot/Catalogue.js"

describe("the error catalogue", () => {
  it("has every error once, with what a reader needs", () => {
    const codes = ErrorCatalogue.all.map(({ code }) => code)
    assert.strictEqual(new Set(codes).size, codes.length)
    for (const item of ErrorCatalogue.all) {
      assert.match(item.code, /^[A-Z]+(_[A-Z]+)+$|^[A-Z]+$/)
      for (const text of [item.meaning, item.advice]) assert.match(text, /^[A-Z].*\.$/)
      for (const { entries, operation } of item.entries) {
        for (const id of entries) assert.isDefined(Catalogue.find(id), `${item.code}: ${id}`)
        assert.isTrue(operation === undefined || operation === "token" || Operations.all.has(operation), operation)
      }
    }
  })

  it("is found by code and by name, however spelled", () => {
    for (const text of ["PRECONDITION_FAILED", "precondition failed", "PreconditionFailed"]) {
      assert.strictEqual(ErrorCatalogue.find(text)?.code, "PRECONDITION_FAILED")
    }
    assert.isUndefined(ErrorCatalogue.find("OVEN_TOO_HOT"))
  })

  it("points at what fits the operation before what fits any", () => {
    const forbidden = ErrorCatalogue.find("FORBIDDEN")
    const run = ErrorCatalogue.pointers(forbidden, "createCleanroomQuestionRun")
    assert.isAbove(run.get("T-39") ?? 0, run.get("T-04") ?? 1)
    const list = ErrorCatalogue.pointers(forbidden, "getAllCleanroomPartners")
    assert.deepStrictEqual([list.has("T-39"), list.get("T-04")], [false, 0.9])
  })
})
