// Prints the contract as an OpenAPI document. `--write` renews the committed snapshot; `--check` compares with it.
import * as fs from "node:fs"
import { isDeepStrictEqual } from "node:util"
import * as OpenApiDocument from "../src/habu/api/OpenApiDocument.js"

type Json = OpenApiDocument.Json | undefined

const isObject = (node: Json): node is OpenApiDocument.JsonObject =>
  typeof node === "object" && node !== null && !Array.isArray(node)

const brief = (node: Json) => node === undefined ? "nothing" : JSON.stringify(node).slice(0, 80)

const differences = (before: Json, after: Json, at = ""): ReadonlyArray<string> => {
  if (isDeepStrictEqual(before, after)) return []
  if (!isObject(before) || !isObject(after)) return [`${at}\n    was ${brief(before)}\n    is  ${brief(after)}`]
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .flatMap((key) => differences(before[key], after[key], `${at}/${key}`))
}

const snapshot = new URL("../test/habu/api/openapi.json", import.meta.url)
const document = OpenApiDocument.make()
const text = `${JSON.stringify(document, null, 2)}\n`

if (process.argv.includes("--write")) {
  fs.writeFileSync(snapshot, text)
} else if (process.argv.includes("--check")) {
  const found = differences(JSON.parse(fs.readFileSync(snapshot, "utf8")), document)
  if (found.length > 0) {
    process.stderr.write(`The contract differs from test/habu/api/openapi.json in ${found.length} places:\n`)
    process.stderr.write(`${found.slice(0, 20).join("\n")}\nIf that is meant: npm run openapi -- --write\n`)
    process.exitCode = 1
  }
} else {
  process.stdout.write(text)
}
