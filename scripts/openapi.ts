// Prints the contract as an OpenAPI document. `--check` compares it with the committed snapshot, `--write` renews it.
import * as fs from "node:fs"
import * as OpenApiDocument from "../src/habu/api/OpenApiDocument.js"

const snapshot = new URL("../test/habu/api/openapi.json", import.meta.url)
const text = `${JSON.stringify(OpenApiDocument.make(), null, 2)}\n`

if (process.argv.includes("--write")) fs.writeFileSync(snapshot, text)
else process.stdout.write(text)
