// Measures monitor_organization_health over a large organisation whose Habu answers slowly: its time over that of the
// requests alone, how many calls it takes, how large the answer is, and how soon it is there again.
// `npm run bench:organization -- [CLEAN_ROOMS] [QUESTIONS] [MILLISECONDS]`; ends with 1 where an aim is missed.
import { sandbox, server, tokensOf } from "./sandboxed.mjs"

const [cleanRooms = 200, questions = 20, latency = 50] = process.argv.slice(2).map(Number)
const concurrency = 8
const aims = { ratio: 1.3, tokens: 4000 }
const tool = "monitor_organization_health"

const habu = await sandbox([
  "--speed",
  "1",
  "--rows",
  "500",
  "--rooms",
  String(cleanRooms),
  "--questions",
  String(questions)
])
const mcp = await server(habu, { concurrency, speed: 1 })
try {
  // Signed in and loaded: what is measured is the reading.
  await mcp.call("find_resources", { kind: "users" })
  await habu.control("POST", "/faults", { kind: "delay", operation: "*", millis: latency })
  await habu.control("DELETE", "/requests")
  const calls = []
  do calls.push(await mcp.call(tool))
  while (calls.at(-1).answer.coverage.read < calls.at(-1).answer.coverage.parts)
  const requests = (await habu.control("GET", "/requests")).length
  const again = await mcp.call(tool)
  const more = (await habu.control("GET", "/requests")).length - requests

  const millis = calls.reduce((sum, call) => sum + call.millis, 0)
  const ratio = millis / ((requests / concurrency) * latency)
  const tokens = Math.max(...[...calls, again].map(({ answer }) => tokensOf(answer)))
  const verdict = (isMet) => isMet ? "" : ", MISSED"
  console.log(
    `${cleanRooms} clean rooms with ${questions} questions each, ${latency} ms a request, ${concurrency} at once`
  )
  console.log(
    `${requests} requests in ${calls.length} calls: ${
      calls.map((call) => `${(call.millis / 1000).toFixed(1)} s`).join(" + ")
    }`
  )
  console.log(
    `time over requests / ${concurrency} x ${latency} ms: ${ratio.toFixed(2)} (aim: ${aims.ratio}${
      verdict(ratio <= aims.ratio)
    })`
  )
  console.log(`largest answer: ${tokens} tokens (aim: under ${aims.tokens}${verdict(tokens < aims.tokens)})`)
  console.log(`once more: ${again.millis.toFixed(0)} ms with ${more} requests`)
  process.exitCode = ratio <= aims.ratio && tokens < aims.tokens ? 0 : 1
} finally {
  await mcp.close()
  await habu.close()
}
