// Measures how fast a large result is loaded and summarised, beside merely downloading the same pages.
// `npm run bench -- results`, or after a build `node bench/results.mjs [ROWS] [MILLISECONDS A REQUEST]`.
//
// Both ask for the same pages of the same server, as many at once. The aim holds for Habu as it is seen live, which
// takes about 0.7 s a request; a server that answers at once is measured beside it, where work alone counts.
import { execFile, spawn } from "node:child_process"
import * as Fs from "node:fs"
import * as Http from "node:http"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { bundle } from "../scripts/bundle.mjs"
import { figure } from "./figures.mjs"

// At least 70 % of the download's speed.
const aims = { ratio: 1 / 0.7, megabytes: 400 }
const [rowsGiven = "1000000", delayGiven = "700"] = process.argv.slice(2)
const own = fileURLToPath(import.meta.url)

const columns = [
  ["channel", "STRING"],
  ["segment", "STRING"],
  ["creative", "STRING"],
  ["region", "STRING"],
  ["people", "LONG"],
  ["buyers", "INTEGER"],
  ["sales", "DOUBLE"],
  ["day", "DATE"]
]
const row = (n) => ({
  channel: `channel ${n % 5}`,
  segment: `segment-${n % 97}`,
  creative: `creative number ${n}`,
  region: `region ${n % 31}`,
  people: String(n * 7),
  buyers: String(n % 1000),
  sales: (n * 1.37).toFixed(2),
  day: new Date(Date.UTC(2026, 0, 1) + (n % 90) * 86_400_000).toISOString().slice(0, 10)
})

const serve = (count, delay) => {
  const metadata = columns.map(([name, dataType]) => ({ fieldName: name, columnName: name, dataType }))
  const pages = new Map()
  const page = (offset, limit) => {
    const key = `${offset}/${limit}`
    if (!pages.has(key)) {
      const length = Math.max(0, Math.min(limit, count - offset))
      const stats = Array.from({ length }, (_, index) => row(offset + index))
      pages.set(key, Buffer.from(JSON.stringify({ metadata, stats, count, multipleOutputs: [] })))
    }
    return pages.get(key)
  }
  // Made before anything is measured.
  for (let offset = 0; offset < count; offset += 5_000) page(offset, Math.min(5_000, count - offset))
  const claims = Buffer.from(JSON.stringify({ exp: 9_999_999_999 })).toString("base64url")
  const token = JSON.stringify({ accessToken: `e30.${claims}.c2ln`, tokenType: "Bearer", expiresIn: 43_200 })
  const answer = ({ pathname, searchParams }) => {
    if (pathname.endsWith("/oauth/token")) return token
    if (pathname.endsWith("/count")) return String(count)
    return page(Number(searchParams.get("offset")), Number(searchParams.get("limit")))
  }
  Http.createServer((request, response) => {
    setTimeout(() => {
      response.setHeader("content-type", "application/json")
      response.end(answer(new URL(request.url, "http://localhost")))
    }, delay)
  }).listen(0, "127.0.0.1", function() {
    process.stdout.write(`http://127.0.0.1:${this.address().port}/v1\n`)
  })
}

const started = (count, delay) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [own, "serve", count, delay], { stdio: ["ignore", "pipe", "inherit"] })
    child.stdout.once("data", (line) => resolve({ child, url: String(line).trim() }))
  })

const run = promisify(execFile)

const measure = async (program, delay) => {
  const { child, url } = await started(rowsGiven, delay)
  try {
    const once = async (what) => JSON.parse((await run(process.execPath, [program, what, url, rowsGiven])).stdout)
    const download = await once("download")
    const load = await once("load")
    return { download, load }
  } finally {
    child.kill("SIGKILL")
  }
}

const main = async () => {
  const folder = fileURLToPath(new URL("../dist/bench", import.meta.url))
  await bundle("bench/results/load.ts", folder)
  for (const delay of [0, Number(delayGiven)]) {
    const { download, load } = await measure(`${folder}/load.mjs`, delay)
    const isAimed = delay > 0
    const at = `${rowsGiven} rows at ${delay} ms a request`
    const against = { what: "downloaded only", value: download.millis / 1000 }
    figure({
      what: `${at}, loaded and summarised`,
      value: load.millis / 1000,
      unit: "s",
      against,
      ...(isAimed && { aim: { most: aims.ratio } })
    })
    figure({ what: `${at}, loaded`, value: load.loaded / 1000, unit: "s", against })
    figure({
      what: `${at}, a processor's work`,
      value: load.work / 1000,
      unit: "s",
      against: { what: "of downloading", value: download.work / 1000 }
    })
    figure({
      what: `${at}, most memory`,
      value: load.megabytes,
      unit: "MB",
      against: { what: "of downloading", value: download.megabytes },
      ...(isAimed && { aim: { of: "value", most: aims.megabytes } })
    })
  }
  Fs.rmSync(folder, { recursive: true })
}

if (process.argv[2] === "serve") serve(Number(process.argv[3]), Number(process.argv[4]))
else await main()
