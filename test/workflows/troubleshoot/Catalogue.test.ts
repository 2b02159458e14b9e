import { assert, describe, it } from "@effect/vitest"
import * as fs from "node:fs"
import * as Operations from "../../../src/habu/Operations.js"
import * as Catalogue from "../../../src/workflows/troubleshoot/Catalogue.js"
import * as Symptom from "../../../src/workflows/troubleshoot/Symptom.js"

const first = (symptom: string) =>
  [...Symptom.read(symptom)].sort(([, a], [, b]) => b - a).filter(([, score]) => score === 1).map(([id]) => id)

describe("the troubleshooting catalogue", () => {
  it("has T-01 to T-57, each once", () => {
    const expected = Array.from({ length: 57 }, (_, index) => `T-${String(index + 1).padStart(2, "0")}`)
    assert.deepStrictEqual(Catalogue.all.map(({ id }): string => id), expected)
  })

  it.each(Catalogue.all.map((entry) => [entry.id, entry] as const))("%s is whole", (_id, entry) => {
    for (const text of [entry.symptom, entry.cause, entry.check]) assert.match(text, /^[A-Z0-9].{15,}[.:]$/)
    assert.isNotEmpty(entry.fix)
    assert.isNotEmpty(entry.evidence)
    for (const step of entry.fix) {
      assert.match(step.do, /^[A-Z].*\.$/)
      assert.strictEqual(step.tool !== undefined, step.who === "server")
      for (const operation of step.operations ?? []) assert.isTrue(Operations.all.has(operation), operation)
    }
  })

  it("has fixes that this server cannot carry out marked with who can", () => {
    const helpless = Catalogue.all.filter(({ fix }) => fix.every(({ who }) => who !== "server"))
    assert.includeMembers(helpless.map(({ id }): string => id), ["T-05", "T-06", "T-45", "T-46"])
    const everyone = new Set(Catalogue.all.flatMap(({ fix }) => fix.map(({ who }) => who)))
    assert.sameMembers([...everyone], ["server", "habu ui", "partner", "liveramp", "data owner"])
  })

  it.each([
    ["We get 429 for every start", "T-07"],
    ["Every call says 401 unauthorized", "T-01"],
    ["Our program says there is no access_token in the answer", "T-06"],
    ["The token call gives 415", "T-05"],
    ["The same run is there twice", "T-08"],
    ["The CSV looks fine in Excel", "T-22"],
    ["S3 access denied though the bucket policy allows it, perhaps KMS", "T-32"],
    ["Snowflake key pair login doesn't work", "T-28"],
    ["The role has no warehouse usage in Snowflake", "T-29"],
    ["There's a new column in the source", "T-27"],
    ["The schedule starts at the wrong hour", "T-56"],
    ["The flow run is paused", "T-51"],
    ["Cannot download a large result in Intelligence", "T-53"],
    ["The export files are incomplete, there is no _SUCCESS", "T-46"],
    ["The Clean Compute package fails at once", "T-57"],
    ["Joining on RampID finds nobody", "T-55"],
    ["The low match rate worries us", "T-17"],
    ["It has been verifying for an hour", "T-19"]
  ])("reads %j as %s", (symptom, id) => {
    assert.include(first(symptom), id as Catalogue.Id)
  })

  it("reads nothing into words that name no trouble", () => {
    for (const symptom of ["The weather is fine", "Please be quick about it", "", "???"]) {
      assert.strictEqual(Symptom.read(symptom).size, 0, symptom)
    }
  })

  it("rests on none of the sandbox's own sentences", () => {
    const folder = new URL("../../../src/workflows/troubleshoot/", import.meta.url)
    const sources = fs.readdirSync(folder).map((file) => fs.readFileSync(new URL(file, folder), "utf8")).join("\n")
    const wording = ["Wording.ts", "sql/QuestionFailed.ts"].map((file) =>
      fs.readFileSync(new URL(`../../../src/sandbox/${file}`, import.meta.url), "utf8")
    ).join("\n")
    const texts = [...wording.matchAll(/"([^"\n]+)"|`([^`\n]+)`/g)].map(([, plain, template]) =>
      plain ?? template ?? ""
    )
    const sentences = texts.flatMap((text) => text.split(/\$\{[^}]*\}/)).map((text) => text.trim())
      .filter((text) => text.length > 14 && text.includes(" "))
    assert.isNotEmpty(sentences)
    for (const sentence of sentences) assert.notInclude(sources, sentence)
  })
})
