// Measures the sandbox at a size that no test needs: how soon it listens, how long a list takes, how much memory it
// holds. `npm run bench:sandbox -- [CLEAN_ROOMS] [QUESTIONS] [ROUNDS]`; ends with 1 where an aim is missed.
import { execFileSync, spawn } from "node:child_process"
import * as Fs from "node:fs"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

const [cleanRooms = 200, questions = 20, rounds = 5] = process.argv.slice(2).map(Number)
const command = fileURLToPath(new URL("../dist/bin/habu-mcp.mjs", import.meta.url))
const aims = { start: 2000, list: 50 }

const residentMegabytes = (pid) => {
  const status = `/proc/${pid}/status`
  const kilobytes = Fs.existsSync(status)
    ? /VmRSS:\s+(\d+)/.exec(Fs.readFileSync(status, "utf8"))[1]
    : execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })
  return Number(kilobytes) / 1024
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

const timed = async (work) => {
  const begun = performance.now()
  const result = await work()
  return { millis: performance.now() - begun, result }
}

const signIn = async ({ clientId, clientSecret, url }) => {
  const answer = await fetch(`${url}/oauth/token`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded"
    },
    body: "grant_type=client_credentials"
  })
  const { accessToken } = await answer.json()
  return async (path) => {
    const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${accessToken}` } })
    if (!response.ok) throw new Error(`${path}: ${response.status}`)
    return response.json()
  }
}

const listed = async (get, path) => {
  const times = []
  for (let index = 0; index < 20; index++) times.push((await timed(() => get(path))).millis)
  return median(times)
}

const measure = async () => {
  const size = ["--rooms", String(cleanRooms), "--questions", String(questions)]
  const begun = performance.now()
  const child = spawn(process.execPath, [command, "sandbox", "--port", "0", ...size], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  const ended = new Promise((resolve) => child.on("exit", resolve))
  try {
    const line = await Promise.race([
      new Promise((resolve) => createInterface(child.stdout).once("line", resolve)),
      ended.then((code) => Promise.reject(new Error(`the sandbox ended with code ${code}`)))
    ])
    const start = performance.now() - begun
    const get = await signIn(JSON.parse(line))
    const first = await timed(() => get("/cleanrooms?limit=500"))
    const last = first.result.at(-1)
    const list = await listed(get, "/cleanrooms?limit=500")
    const inRoom = await listed(get, `/cleanrooms/${last.id}/cleanroom-questions`)
    return {
      start,
      first: first.millis,
      list,
      inRoom,
      memory: residentMegabytes(child.pid),
      count: first.result.length
    }
  } finally {
    child.kill("SIGTERM")
    await ended
  }
}

const seen = []
// The first turn fills the file cache and does not count.
for (let round = 0; round <= rounds; round++) {
  const measured = await measure()
  if (round > 0) seen.push(measured)
}
const of = (key) => median(seen.map((measured) => measured[key]))
const row = (title, key, aim) => {
  const value = of(key)
  const verdict = aim === undefined ? "" : ` (aim: under ${aim} ms${value < aim ? "" : ", MISSED"})`
  console.log(`${title}: ${value.toFixed(1)} ${key === "memory" ? "MB" : "ms"}${verdict}`)
}
console.log(
  `medians of ${rounds}; ${of("count")} clean rooms, ${questions} questions in each added; ${process.version}`
)
row("start to listening", "start", aims.start)
row("first list of all clean rooms", "first")
row("list of all clean rooms", "list", aims.list)
row("list of one clean room's questions", "inRoom", aims.list)
row("resident", "memory")
process.exitCode = of("start") < aims.start && of("list") < aims.list && of("inRoom") < aims.list ? 0 : 1
